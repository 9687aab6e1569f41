using Automation.Fleet;

namespace Automation.Failover;

/// <summary>The control plane of RDS, as far as a test needs it.</summary>
internal interface IFailoverControl
{
    /// <summary>What stands behind the database now, or <c>null</c> when RDS does not know it any more.</summary>
    Task<FailoverTopology?> TopologyAsync(RdsDatabase database, CancellationToken cancellation);

    /// <summary>Maintenance that is announced for any of these, as <c>orders: system-update</c>.</summary>
    /// <param name="arns">Of the database and its members.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<IReadOnlyList<string>> PendingMaintenanceAsync(IReadOnlyList<string> arns, CancellationToken cancellation);

    /// <summary>Snapshots of the database that are being made, by name.</summary>
    Task<IReadOnlyList<string>> SnapshotsUnderwayAsync(RdsDatabase database, CancellationToken cancellation);

    /// <summary>Events about failovers of the database and its members since a time, in their order.</summary>
    Task<IReadOnlyList<RdsEventLine>> FailoverEventsAsync(
        RdsDatabase database, FailoverTopology topology, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Asks for the failover, once: a call that was not answered is not repeated.</summary>
    /// <param name="database">An instance is rebooted with failover, of a cluster the target becomes the writer.</param>
    /// <param name="target">The reader of a cluster; <c>null</c> for an instance.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<CallAnswer> FailOverAsync(RdsDatabase database, string? target, CancellationToken cancellation);
}

/// <summary>What became of the call.</summary>
internal abstract record CallAnswer
{
    private CallAnswer()
    {
    }

    /// <summary>RDS took it. That is no failover yet.</summary>
    public sealed record Accepted : CallAnswer;

    /// <summary>RDS will not do it.</summary>
    /// <param name="Code">RDS's error code.</param>
    /// <param name="Message">Its words.</param>
    public sealed record Refused(string Code, string Message) : CallAnswer;

    /// <summary>No answer, or none that says whether it was taken: the failover may come.</summary>
    /// <param name="Code">What there was instead.</param>
    public sealed record Unanswered(string Code) : CallAnswer;
}
