namespace Automation.Telemetry;

/// <summary>One measured value of a database, by the names of README "Metrics".</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Unit">One of CloudWatch's units.</param>
/// <param name="Value">A value that is not finite is left out.</param>
internal readonly record struct MetricValue(string Name, string Unit, double Value)
{
    /// <summary>Used slots as a part of the usable ones, 0 to 1 and above when reserved slots are used too.</summary>
    public static MetricValue ConnectionsUsedRatio(double ratio) => new("ConnectionsUsedRatio", "None", ratio);

    /// <summary>How long the current secret did not log in during a rotation.</summary>
    public static MetricValue RotationGapMs(TimeSpan gap) => new("RotationGapMs", "Milliseconds", Math.Round(gap.TotalMilliseconds));

    /// <summary>Age of the newest good snapshot.</summary>
    public static MetricValue SnapshotAgeHours(TimeSpan age) => new("SnapshotAgeHours", "None", Math.Round(age.TotalHours, 2));

    /// <summary>Age of the newest copy elsewhere, of several Regions the oldest.</summary>
    public static MetricValue OffsiteSnapshotAgeHours(TimeSpan age) => new("OffsiteSnapshotAgeHours", "None", Math.Round(age.TotalHours, 2));

    /// <summary>Of a test that was a failover: the worst of all ways.</summary>
    public static MetricValue FailoverWriteDowntimeMs(TimeSpan downtime) => new("FailoverWriteDowntimeMs", "Milliseconds", Math.Round(downtime.TotalMilliseconds));

    /// <summary>The same of reads.</summary>
    public static MetricValue FailoverReadDowntimeMs(TimeSpan downtime) => new("FailoverReadDowntimeMs", "Milliseconds", Math.Round(downtime.TotalMilliseconds));

    /// <summary>Rows that clients were told are committed, and that the new writer does not have.</summary>
    public static MetricValue LostAcknowledgedWrites(int writes) => new("LostAcknowledgedWrites", "Count", writes);

    public static MetricValue SessionsTerminated(int sessions) => new("SessionsTerminated", "Count", sessions);

    /// <summary>Until storage is full, most likely; only of what grows.</summary>
    public static MetricValue StorageDaysToFull(double days) => new("StorageDaysToFull", "None", Math.Round(days, 2));

    /// <summary>What storage was grown by.</summary>
    public static MetricValue StorageGrownGiB(int gibibytes) => new("StorageGrownGiB", "None", gibibytes);
}
