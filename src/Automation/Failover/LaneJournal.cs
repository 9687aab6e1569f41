namespace Automation.Failover;

/// <summary>The attempts of one lane in their order. It is kept in the function's memory, never in the database it judges.</summary>
internal sealed record LaneJournal(Lane Lane, IReadOnlyList<ProbeAttempt> Attempts);
