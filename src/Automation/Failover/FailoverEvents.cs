namespace Automation.Failover;

/// <summary>What RDS says of a failover.</summary>
internal enum FailoverEventKind
{
    /// <summary>Nothing about one: a restart, a change, a proxy.</summary>
    Other,

    /// <summary>RDS-EVENT-0013, 0050, 0072, 0073.</summary>
    Started,

    /// <summary>RDS-EVENT-0015, 0049, 0051, 0065, 0071.</summary>
    Completed,

    /// <summary>RDS-EVENT-0034: the call was taken, and nothing comes of it.</summary>
    Abandoned,

    /// <summary>RDS-EVENT-0070: the former writer is the writer again.</summary>
    CameBack,

    /// <summary>RDS-EVENT-0069.</summary>
    Failed,
}

/// <summary>
/// Sorts RDS's events by their text, as <c>DescribeEvents</c> gives no id. AWS says that events may be late, out of order or
/// missing, and words them differently over time: they explain a test and never measure it.
/// </summary>
internal static class FailoverEvents
{
    private static readonly (string Words, FailoverEventKind Kind)[] Texts =
    [
        ("Abandoning user requested failover", FailoverEventKind.Abandoned),
        ("Promoting previous primary again", FailoverEventKind.CameBack),
        ("Cluster failover failed", FailoverEventKind.Failed),
        ("Multi-AZ instance failover started", FailoverEventKind.Started),
        ("Multi-AZ instance activation started", FailoverEventKind.Started),
        ("Started same AZ failover", FailoverEventKind.Started),
        ("Started cross AZ failover", FailoverEventKind.Started),
        ("Multi-AZ instance failover completed", FailoverEventKind.Completed),
        ("Multi-AZ instance activation completed", FailoverEventKind.Completed),
        ("Multi-AZ failover to standby complete", FailoverEventKind.Completed),
        ("A Multi-AZ failover has completed", FailoverEventKind.Completed), // the sample of the user guide
        ("Completed failover to DB instance", FailoverEventKind.Completed),
        ("Recovered from partial failover", FailoverEventKind.Completed),
    ];

    /// <param name="message">As RDS wrote it.</param>
    public static FailoverEventKind Of(string message) =>
        Texts.FirstOrDefault(text => message.StartsWith(text.Words, StringComparison.OrdinalIgnoreCase)).Kind;
}
