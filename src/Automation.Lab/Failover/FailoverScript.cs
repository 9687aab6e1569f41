namespace Automation.Lab.Failover;

/// <summary>How a failover ends.</summary>
internal enum FailoverOutcome
{
    /// <summary>The standby is the primary.</summary>
    Switched,

    /// <summary>It was accepted and nothing happened: RDS-EVENT-0034, "a failover recently occurred".</summary>
    Abandoned,

    /// <summary>The same server came back after an outage: a restart in place.</summary>
    BackToSame,

    /// <summary>The primary is gone, and nothing takes its place.</summary>
    NeverBack,
}

/// <summary>
/// What a client of the direct endpoint sees during a failover, in order; all in real time. RDS takes 20 to 120 s for the
/// same steps.
/// </summary>
internal sealed record FailoverScript
{
    public FailoverOutcome Outcome { get; init; } = FailoverOutcome.Switched;

    /// <summary>From the accepted call to the outage; the answer goes out meanwhile.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A dead host: nothing is answered and nothing is refused.</summary>
    public TimeSpan Silent { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Nobody listens.</summary>
    public TimeSpan Refused { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// The name leads to a server in recovery, which lets clients in and refuses writes (25006), as Aurora's does while DNS
    /// is stale.
    /// </summary>
    public TimeSpan StaysReader { get; init; }

    /// <summary>The new primary accepts connections and refuses logins (57P03).</summary>
    public TimeSpan StartingUp { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>From the end of the outage to the event that says so and to the status <c>available</c>: 3 to 42 s on RDS.</summary>
    public TimeSpan Completion { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From then to the swapped zones in Describe answers: 1 to 9 min on RDS.</summary>
    public TimeSpan ZoneSwap { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>About 3 s in all.</summary>
    public static FailoverScript Default { get; } = new();

    public static FailoverScript Abandoned { get; } = new() { Outcome = FailoverOutcome.Abandoned };

    public static FailoverScript BackToSame { get; } = new() { Outcome = FailoverOutcome.BackToSame };

    public static FailoverScript NeverBack { get; } = new() { Outcome = FailoverOutcome.NeverBack };

    public static FailoverScript ReaderFirst { get; } = new() { StaysReader = TimeSpan.FromSeconds(0.5) };
}
