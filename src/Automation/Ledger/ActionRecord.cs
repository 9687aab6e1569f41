using Automation.Outcomes;

namespace Automation.Ledger;

/// <summary>One mutation, written down before it is made: budget, cooldown and audit trail in one.</summary>
internal sealed record ActionRecord
{
    /// <summary>Stays when an identifier is used again: a new database does not inherit the old one's history.</summary>
    public required string ResourceId { get; init; }

    /// <summary>When it was decided, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Capability { get; init; }

    /// <summary>What was acted on, unique within database, capability and time: a session, a storage target.</summary>
    public required string Key { get; init; }

    /// <summary>What is done, in kebab-case: <c>terminate-session</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The identifier people know.</summary>
    public required string Database { get; init; }

    public required Mode Mode { get; init; }

    /// <summary>AWS request id of the invocation.</summary>
    public required string RequestId { get; init; }

    /// <summary>What set it off: the alarm's ARN and time of state change, or the event's id.</summary>
    public required string Incident { get; init; }

    /// <summary>Whose doing it was, for counting recurrences; <c>null</c> where nobody's.</summary>
    public ActionGroup? Group { get; init; }

    /// <summary>The object as it was, as JSON; the ledger keeps its first <see cref="LedgerItems.LongestBefore"/> bytes. Never a secret.</summary>
    public required string Before { get; init; }

    public ActionResult Result { get; init; }

    /// <summary>What came of it, as JSON, where there is more to say than <see cref="Result"/>; noted with it, cut as <see cref="Before"/>.</summary>
    public string? After { get; init; }
}
