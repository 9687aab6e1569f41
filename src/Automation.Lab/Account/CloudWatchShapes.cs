using Amazon.CloudWatch.Model;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>The template's alarms and metrics as CloudWatch's API takes them.</summary>
internal static class CloudWatchShapes
{
    /// <summary>In one order always: moto compares dimensions one by one.</summary>
    public static List<Dimension> Dimensions(IReadOnlyDictionary<string, string> set) =>
        [.. set.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new Dimension { Name = d.Key, Value = d.Value })];

    public static MetricStat Stat(MetricStatistic statistic, TimeSpan period) => new()
    {
        Metric = new Metric
        {
            Namespace = statistic.Namespace,
            MetricName = statistic.MetricName,
            Dimensions = Dimensions(statistic.Dimensions),
        },
        Period = (int)period.TotalSeconds,
        Stat = statistic.Statistic,
        Unit = statistic.Unit,
    };

    public static PutMetricAlarmRequest Alarm(TemplateAlarm alarm)
    {
        var request = new PutMetricAlarmRequest
        {
            AlarmName = alarm.Name,
            AlarmDescription = alarm.Description,
            Threshold = alarm.Threshold,
            ComparisonOperator = alarm.ComparisonOperator,
            EvaluationPeriods = alarm.EvaluationPeriods,
            DatapointsToAlarm = alarm.DatapointsToAlarm,
            TreatMissingData = alarm.TreatMissingData,
            ActionsEnabled = alarm.ActionsEnabled,
            AlarmActions = [.. alarm.AlarmActions],
            OKActions = [.. alarm.OkActions],
            InsufficientDataActions = [.. alarm.InsufficientDataActions],
        };
        if (alarm.IsMetricMath)
        {
            request.Metrics = [.. alarm.Metrics.Select(m => new MetricDataQuery
            {
                Id = m.Id,
                Expression = m.Expression,
                Label = m.Label,
                ReturnData = m.ReturnData,
                MetricStat = m.Statistic is { } input ? Stat(input, input.Period) : null,
            })];
            return request;
        }
        var single = alarm.Metrics[0].Statistic!;
        request.Namespace = single.Namespace;
        request.MetricName = single.MetricName;
        request.Dimensions = Dimensions(single.Dimensions);
        request.Period = (int)single.Period.TotalSeconds;
        request.Unit = single.Unit;
        // Percentiles are p0.0 to p100; the five plain statistics are capitalised words.
        if (char.IsAsciiLetterLower(single.Statistic[0])) request.ExtendedStatistic = single.Statistic;
        else request.Statistic = single.Statistic;
        return request;
    }
}
