namespace Automation.Lab.Template;

/// <summary>One <c>AWS::CloudWatch::Alarm</c>.</summary>
internal sealed record TemplateAlarm
{
    public required string LogicalId { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public string? Description { get; init; }

    /// <summary>One entry for an alarm on a single metric; inputs and expressions for metric math.</summary>
    public required IReadOnlyList<TemplateMetric> Metrics { get; init; }

    public required double Threshold { get; init; }
    public required string ComparisonOperator { get; init; }
    public required int EvaluationPeriods { get; init; }
    public required int DatapointsToAlarm { get; init; }

    /// <summary><c>missing</c> unless the template says otherwise, as in CloudWatch.</summary>
    public string TreatMissingData { get; init; } = "missing";

    public bool ActionsEnabled { get; init; } = true;
    public IReadOnlyList<string> AlarmActions { get; init; } = [];
    public IReadOnlyList<string> OkActions { get; init; } = [];
    public IReadOnlyList<string> InsufficientDataActions { get; init; } = [];

    /// <summary>Whether the template wrote <c>Metrics</c>; the single form has <c>statistic</c> in its state's data.</summary>
    public bool IsMetricMath { get; init; }

    /// <summary>
    /// Whether the lab has what it looks at. It has neither Metrics Insights nor what EventBridge and Lambda count about themselves:
    /// such an alarm is read and never evaluated.
    /// </summary>
    public bool IsEvaluated => !IsInsightsQuery && Metrics.All(m => m.Statistic?.Namespace != "AWS/Events" && m.Expression?.Contains("METRICS()", StringComparison.Ordinal) is not true);

    /// <summary>Whether it asks Metrics Insights.</summary>
    public bool IsInsightsQuery => Metrics.Any(m => m.Expression?.StartsWith("SELECT ", StringComparison.OrdinalIgnoreCase) is true);
}

/// <summary>A metric of an alarm, or an expression over the others.</summary>
internal sealed record TemplateMetric
{
    public required string Id { get; init; }
    public string? Label { get; init; }
    public string? Expression { get; init; }
    public MetricStatistic? Statistic { get; init; }
    public bool ReturnData { get; init; } = true;
}

/// <summary>One metric's statistic over a period.</summary>
internal sealed record MetricStatistic
{
    public required string Namespace { get; init; }
    public required string MetricName { get; init; }
    public IReadOnlyDictionary<string, string> Dimensions { get; init; } = new Dictionary<string, string>();
    public required TimeSpan Period { get; init; }
    public required string Statistic { get; init; }
    public string? Unit { get; init; }
}
