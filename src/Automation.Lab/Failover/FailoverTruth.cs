namespace Automation.Lab.Failover;

/// <summary>What really happened and when, to hold a measurement against; <c>null</c> is what did not happen.</summary>
internal sealed record FailoverTruth
{
    public required FailoverOutcome Outcome { get; init; }

    public required Moment AcceptedAt { get; init; }

    /// <summary>The outage began: the direct endpoint fell silent, and the primary was told to end at once.</summary>
    public Moment? KilledAt { get; init; }

    /// <summary>The standby takes writes.</summary>
    public Moment? PromotedAt { get; init; }

    /// <summary>The direct endpoint serves a primary again.</summary>
    public Moment? ServingAt { get; init; }

    /// <summary>The proxy has a primary again.</summary>
    public Moment? ProxyServingAt { get; init; }
}
