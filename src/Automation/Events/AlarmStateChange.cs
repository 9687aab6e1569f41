namespace Automation.Events;

/// <summary>
/// A CloudWatch alarm that changed state, from EventBridge or as a direct alarm action. It is only a hint: nothing is
/// ever changed on its word alone. The previous state is not read at all, because a composite alarm goes from ALARM to
/// ALARM when only its suppression changes.
/// </summary>
internal sealed record AlarmStateChange
{
    public required string AlarmName { get; init; }
    public required string AlarmArn { get; init; }
    public required string Account { get; init; }
    public required string Region { get; init; }

    /// <summary>When AWS sent it, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    public required AlarmState State { get; init; }

    /// <summary>What the alarm measures; empty for a composite alarm.</summary>
    public required IReadOnlyList<AlarmMetric> Metrics { get; init; }

    /// <summary>The expression of a composite alarm, <c>null</c> for any other.</summary>
    public string? CompositeRule { get; init; }
}
