using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Telemetry;

namespace Automation.Storage;

/// <summary>Asks CloudWatch: all metric alarms, because it finds none by metric in one call.</summary>
internal sealed class CloudWatchStorageAlarms(IAmazonCloudWatch cloudWatch) : IStorageAlarms
{
    private const string Metric = "FreeStorageSpace", Dimension = "DBInstanceIdentifier";

    public async Task<IReadOnlyList<StorageAlarm>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<StorageAlarm>();
        var request = new DescribeAlarmsRequest { AlarmTypes = ["MetricAlarm"], MaxRecords = 100 };
        do
        {
            var page = await cloudWatch.DescribeAlarmsAsync(request, cancellation);
            found.AddRange((page.MetricAlarms ?? []).SelectMany(Read));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private static IEnumerable<StorageAlarm> Read(MetricAlarm alarm)
    {
        // Composite and target-tracking alarms are not on this metric. Metric math names its inputs, and its threshold is in units of its own.
        var single = alarm.Namespace == "AWS/RDS" && alarm.MetricName == Metric;
        var dimensions = single ? alarm.Dimensions ?? [] : (alarm.Metrics ?? [])
            .Where(query => query.MetricStat?.Metric is { Namespace: "AWS/RDS", MetricName: Metric })
            .SelectMany(query => query.MetricStat.Metric.Dimensions ?? []);
        var below = alarm.ComparisonOperator == ComparisonOperator.LessThanThreshold || alarm.ComparisonOperator == ComparisonOperator.LessThanOrEqualToThreshold;
        return dimensions.Where(dimension => dimension is { Name: Dimension, Value.Length: > 0 }).Select(dimension => dimension.Value.ToLowerInvariant()).Distinct(StringComparer.Ordinal)
            .Select(id => new StorageAlarm(Printable.Line(alarm.AlarmName, 200), id, single && below ? alarm.Threshold : null, alarm.TreatMissingData == "breaching"));
    }
}
