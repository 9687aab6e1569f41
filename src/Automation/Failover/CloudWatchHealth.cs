using System.Globalization;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Failover;

/// <summary>Asks CloudWatch.</summary>
internal sealed class CloudWatchHealth(IAmazonCloudWatch cloudWatch, TimeProvider time) : IFailoverHealth
{
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(5);

    // Metrics of RDS and of ourselves name the database in one of these.
    private static readonly string[] Names = ["DBInstanceIdentifier", "DBClusterIdentifier", "Database"];

    public async Task<IReadOnlyList<string>> AlarmsFiringAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var found = new List<string>();
        var request = new DescribeAlarmsRequest { StateValue = StateValue.ALARM, AlarmTypes = ["MetricAlarm"] };
        do
        {
            var page = await cloudWatch.DescribeAlarmsAsync(request, cancellation);
            found.AddRange((page.MetricAlarms ?? []).Where(alarm => Watches(alarm, ids)).Select(alarm => Printable.Line(alarm.AlarmName, 100)));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return [.. found.Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<ReplicaLag>> LagsAsync(RdsDatabase cluster, IReadOnlyList<string> readers, CancellationToken cancellation)
    {
        if (readers.Count == 0) return [];
        // Aurora measures in milliseconds, a Multi-AZ cluster in seconds.
        var (metric, unit) = cluster.Engine == "aurora-postgresql" ? ("AuroraReplicaLag", TimeSpan.FromMilliseconds(1)) : ("ReplicaLag", TimeSpan.FromSeconds(1));
        var now = time.GetUtcNow().UtcDateTime;
        var answer = await cloudWatch.GetMetricDataAsync(new GetMetricDataRequest
        {
            StartTime = now - Recently,
            EndTime = now,
            MetricDataQueries = [.. readers.Select((reader, i) => new MetricDataQuery
            {
                Id = IdOf(i),
                MetricStat = new MetricStat
                {
                    Metric = new Metric { Namespace = "AWS/RDS", MetricName = metric, Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = reader }] },
                    Period = 60,
                    Stat = "Maximum",
                },
            })],
        }, cancellation);
        var results = (answer.MetricDataResults ?? []).ToDictionary(result => result.Id, result => result.Values ?? []);
        return [.. readers.Select((reader, i) => new ReplicaLag(reader, results.GetValueOrDefault(IdOf(i)) is { Count: > 0 } values && values.TrueForAll(value => value >= 0) ? values.Max() * unit : null))];
    }

    private static string IdOf(int i) => string.Create(CultureInfo.InvariantCulture, $"r{i}");

    // Alarms of automatic scaling stand in ALARM for as long as nothing is to be scaled; one on our own figures would forbid the test that ends it.
    private static bool Watches(MetricAlarm alarm, IReadOnlyCollection<string> ids) =>
        !alarm.AlarmName.StartsWith("TargetTracking-", StringComparison.Ordinal)
        && !(alarm.Namespace == "RdsAutomation" && alarm.MetricName is "FailoverWriteDowntimeMs" or "FailoverReadDowntimeMs" or "LostAcknowledgedWrites") &&
        (alarm.Dimensions ?? []).Concat((alarm.Metrics ?? []).SelectMany(query => query.MetricStat?.Metric?.Dimensions ?? []))
            .Any(dimension => Names.Contains(dimension.Name) && ids.Contains(dimension.Value, StringComparer.OrdinalIgnoreCase));
}
