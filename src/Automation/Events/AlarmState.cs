namespace Automation.Events;

/// <summary>The state an alarm went to, and what AWS says about why.</summary>
internal sealed record AlarmState
{
    /// <summary><c>OK</c>, <c>ALARM</c> or <c>INSUFFICIENT_DATA</c>.</summary>
    public required string Value { get; init; }

    /// <summary>When the state changed, UTC; with the alarm's ARN the natural key of the incident.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    public string? Reason { get; init; }

    /// <summary>The evidence; <c>null</c> where the payload has none, as direct actions may.</summary>
    public AlarmEvidence? Evidence { get; init; }

    /// <summary>What suppresses a composite alarm's actions; AWS sends the event all the same.</summary>
    public string? ActionsSuppressedBy { get; init; }

    public string? ActionsSuppressedReason { get; init; }
}
