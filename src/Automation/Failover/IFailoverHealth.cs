using Automation.Fleet;

namespace Automation.Failover;

/// <summary>What CloudWatch says about a database before it is disturbed.</summary>
internal interface IFailoverHealth
{
    /// <summary>Names of the alarms in state ALARM that watch one of these databases.</summary>
    /// <param name="ids">Of the cluster or instance, and of its members.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<IReadOnlyList<string>> AlarmsFiringAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>How far each reader of a cluster is behind: the most of the last five minutes.</summary>
    Task<IReadOnlyList<ReplicaLag>> LagsAsync(RdsDatabase cluster, IReadOnlyList<string> readers, CancellationToken cancellation);
}
