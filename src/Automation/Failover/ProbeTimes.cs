namespace Automation.Failover;

/// <summary>How long each part of a test takes.</summary>
internal sealed record ProbeTimes
{
    /// <summary>From the start of one attempt of a lane to the start of the next, while each ends sooner.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>An attempt without an answer until then has failed. An answer that comes later is no answer: an outage behind RDS Proxy shows as nothing but late answers.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A lane's first good attempt loads code and makes connections; until then it may be tried again, each time within the deadline in whole seconds.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the noise is measured before anything is done. RDS stalls for a few hundred milliseconds every five minutes; that is not waited for.</summary>
    public TimeSpan Baseline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>With fewer in a baseline a lane says nothing.</summary>
    public int FewestAttempts { get; init; } = 20;

    /// <summary>How long every path has to answer without fail before it counts as back.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An accepted call after which no other writer answered by then has not led to a failover. The slowest measured on RDS took 67 s until the first sign of it.</summary>
    public TimeSpan SwitchLimit { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Where RDS says that it will not fail over: its word alone ends nothing, and clients of an instance notice a failover only 15 to 30 s after the call.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long the proof and the rows are asked for after clients are back: RDS names the new writer of a cluster later than it answers.</summary>
    public TimeSpan Verification { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the call until every path is back; then it counts as not recovered. RDS Proxy may hold a client for two minutes.</summary>
    public TimeSpan RecoveryLimit { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Reading the rows back, dropping the schema, the report.</summary>
    public TimeSpan Closing { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What a test may take from its first statement to its last.</summary>
    public TimeSpan Longest => WarmUp + Baseline + RecoveryLimit + Verification + Closing;

    /// <summary>How far a measured downtime may be from the true one.</summary>
    public TimeSpan Resolution => Interval + Deadline;
}
