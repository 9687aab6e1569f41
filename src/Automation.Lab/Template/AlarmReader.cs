namespace Automation.Lab.Template;

/// <summary>Reads one alarm with CloudWatch's defaults.</summary>
internal static class AlarmReader
{
    private static readonly string[] Comparisons =
        ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"];

    private static readonly string[] MissingDataTreatments = ["missing", "ignore", "breaching", "notBreaching"];

    public static TemplateAlarm Read(ResourceReader resources, string logicalId)
    {
        var properties = resources.Properties(logicalId);
        var periods = properties["EvaluationPeriods"].Number();
        var isMetricMath = properties["Metrics"].Exists;
        return new TemplateAlarm
        {
            LogicalId = logicalId,
            Name = resources.Name(logicalId),
            Arn = resources.Arn(logicalId),
            Description = properties["AlarmDescription"].OptionalText(),
            IsMetricMath = isMetricMath,
            Metrics = isMetricMath
                ? [.. properties["Metrics"].Items().Select(Metric)]
                : [new TemplateMetric { Id = "m1", Statistic = Single(properties) }],
            Threshold = properties["Threshold"].Real(),
            ComparisonOperator = OneOf(properties["ComparisonOperator"], Comparisons),
            EvaluationPeriods = periods,
            DatapointsToAlarm = properties["DatapointsToAlarm"].Number(periods),
            TreatMissingData = properties["TreatMissingData"] is { Exists: true } treatment
                ? OneOf(treatment, MissingDataTreatments)
                : "missing",
            ActionsEnabled = properties["ActionsEnabled"].Flag(true),
            AlarmActions = Actions(properties["AlarmActions"]),
            OkActions = Actions(properties["OKActions"]),
            InsufficientDataActions = Actions(properties["InsufficientDataActions"]),
        };
    }

    private static string[] Actions(TemplateNode node) => [.. node.Items().Select(i => i.Text())];

    private static TemplateMetric Metric(TemplateNode node) => new()
    {
        Id = node["Id"].Text(),
        Label = node["Label"].OptionalText(),
        Expression = node["Expression"].OptionalText(),
        Statistic = node["MetricStat"] is { Exists: true } statistic
            ? Statistic(statistic["Metric"], statistic, statistic["Stat"].Text())
            : null,
        ReturnData = node["ReturnData"].Flag(true),
    };

    private static MetricStatistic Single(TemplateNode properties) => Statistic(properties, properties,
        properties["ExtendedStatistic"].OptionalText() ?? properties["Statistic"].Text());

    private static MetricStatistic Statistic(TemplateNode metric, TemplateNode window, string statistic) => new()
    {
        Namespace = metric["Namespace"].Text(),
        MetricName = metric["MetricName"].Text(),
        Dimensions = metric["Dimensions"].Items().ToDictionary(d => d["Name"].Text(), d => d["Value"].Text()),
        Period = window["Period"].Seconds(),
        Statistic = statistic,
        Unit = window["Unit"].OptionalText(),
    };

    private static string OneOf(TemplateNode node, string[] known) => known.Contains(node.Text())
        ? node.Text()
        : throw new TemplateException(node.Path, $"'{node.Text()}' is none of {string.Join(", ", known)}");
}
