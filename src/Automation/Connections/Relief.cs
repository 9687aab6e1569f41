using Automation.Ledger;

namespace Automation.Connections;

/// <summary>One run on one database, from the first measurement to the last: everything a person is told comes from it.</summary>
internal sealed record Relief
{
    public required ConnectionFacts Before { get; init; }

    /// <summary>Measured when all was done; <c>null</c> in <c>observe</c>, or when the session broke before it could be.</summary>
    public ConnectionFacts? After { get; init; }

    public required ConnectionsPolicy Policy { get; init; }

    /// <summary>In the order of the plan. In <c>observe</c>: what would have been ended.</summary>
    public required IReadOnlyList<Attempt> Attempts { get; init; }

    /// <summary>What an earlier attempt at the same incident recorded before it died; nobody has been told of it.</summary>
    public IReadOnlyList<ActionRecord> EndedEarlier { get; init; } = [];

    public IReadOnlyList<RecurringGroup> Escalated { get; init; } = [];

    /// <summary>Why the run ended before the plan did; <c>null</c> when it was carried out.</summary>
    public Stop? Stopped { get; init; }

    public int Ended => Attempts.Count(attempt => attempt.Result is TerminationResult.Ended);

    /// <summary>The signal was sent, and they were still there when the wait was over: most end a moment later.</summary>
    public int Signalled => Attempts.Count(attempt => attempt.Result is TerminationResult.Signalled);
}

/// <param name="Victim">The session and why it was chosen.</param>
/// <param name="Result"><c>null</c> in <c>observe</c>.</param>
internal sealed record Attempt(Victim Victim, TerminationResult? Result);

/// <summary>Why a run ended early: <c>reconnect-storm</c>, <c>stopped</c>, <c>lease-lost</c>, <c>out-of-time</c>, <c>duplicate</c> …</summary>
internal sealed record Stop(string Reason, string Sentence);
