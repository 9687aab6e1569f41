namespace Automation.Lab.Failover;

/// <summary>The events of one database's failovers.</summary>
/// <remarks>"Amazon RDS event categories and event messages"; the clusters' without a full stop, as they were captured.</remarks>
internal sealed class FailoverEvents(FailoverDatabase database, TimeProvider time)
{
    /// <summary>The outage began.</summary>
    /// <param name="forced">A failover was asked for, and not a reboot in place.</param>
    /// <param name="target">Of a cluster: who is to be the writer.</param>
    public RdsEvent Started(bool forced, string? target) => (database.IsCluster, forced) switch
    {
        (true, _) => Failover("RDS-EVENT-0073", $"Started cross AZ failover to DB instance: {target}"),
        (false, true) => Failover("RDS-EVENT-0013", "Multi-AZ instance failover started."),
        (false, false) => Availability("RDS-EVENT-0004", "DB instance shutdown."),
    };

    /// <summary>The direct endpoint serves.</summary>
    public IEnumerable<RdsEvent> Serving(FailoverOutcome outcome, string? target) => (database.IsCluster, outcome) switch
    {
        (true, FailoverOutcome.BackToSame) =>
        [
            Failover("RDS-EVENT-0069", "Cluster failover failed, check the health of your cluster instances and try again."),
            Failover("RDS-EVENT-0070", $"Promoting previous primary again: {target}"),
        ],
        (true, _) => [],
        (false, FailoverOutcome.Switched) =>
        [
            Availability("RDS-EVENT-0006", "DB instance restarted."),
            Failover("RDS-EVENT-0015", "Multi-AZ failover to standby complete - DNS propagation may take a few minutes."),
        ],
        (false, _) => [Availability("RDS-EVENT-0006", "DB instance restarted.")],
    };

    /// <summary>Everything is over.</summary>
    public RdsEvent? Completed(FailoverOutcome outcome, bool forced, string? target) => (database.IsCluster, outcome) switch
    {
        (true, FailoverOutcome.Switched) => Failover("RDS-EVENT-0071", $"Completed failover to DB instance: {target}"),
        (false, FailoverOutcome.Switched) => Failover("RDS-EVENT-0049", "Multi-AZ instance failover completed."),
        (false, FailoverOutcome.BackToSame) when forced => Failover("RDS-EVENT-0065", "Recovered from partial failover."),
        _ => null,
    };

    /// <summary>It was accepted, and nothing happened.</summary>
    public RdsEvent Abandoned() => database.IsCluster
        ? Failover("RDS-EVENT-0069", "Cluster failover failed, check the health of your cluster instances and try again.")
        : Failover("RDS-EVENT-0034", "Abandoning user requested failover since a failover recently occurred on the database instance.");

    private RdsEvent Failover(string id, string message) => Create(id, "failover", message);

    private RdsEvent Availability(string id, string message) => Create(id, "availability", message);

    private RdsEvent Create(string id, string category, string message) => new()
    {
        At = time.GetUtcNow(),
        EventId = id,
        Category = category,
        Message = message,
        IsOfCluster = database.IsCluster,
        SourceId = database.Id,
        SourceArn = database.Arn,
    };
}
