namespace Automation.Events;

/// <summary>One line of an alarm's metric list: a metric, or an expression over other lines.</summary>
internal sealed record AlarmMetric
{
    public required string? Id { get; init; }
    public required string? Namespace { get; init; }
    public required string? Name { get; init; }
    public required IReadOnlyDictionary<string, string> Dimensions { get; init; }

    /// <summary>The account the metric is read from, where the alarm names one.</summary>
    public required string? AccountId { get; init; }

    /// <summary>Metric math, or an anomaly detection band.</summary>
    public required string? Expression { get; init; }

    public required bool? ReturnData { get; init; }
    public required string? Statistic { get; init; }

    /// <summary>Seconds.</summary>
    public required int? Period { get; init; }
}
