using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Automation.Lab.Account;

/// <summary>A metric taken from something real.</summary>
internal sealed record SampledMetric
{
    public required string Namespace { get; init; }

    /// <summary>As <c>DatabaseConnections</c>.</summary>
    public required string Name { get; init; }

    /// <summary>As CloudWatch names it: <c>Count</c>, <c>Bytes</c> …</summary>
    public required string Unit { get; init; }

    /// <summary>Every set of dimensions the value is reported under, as RDS does for an instance and for its cluster and role.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Dimensions { get; init; }

    /// <summary>The value now; <c>null</c> when there is none (the server is away), which leaves a gap as on AWS.</summary>
    public required Func<CancellationToken, ValueTask<double?>> Sample { get; init; }

    /// <summary>An <c>AWS/RDS</c> metric of an instance, and of its cluster by role where it is a member.</summary>
    /// <param name="instance">The DB instance identifier.</param>
    /// <param name="name">As <c>DatabaseConnections</c>.</param>
    /// <param name="unit">As <c>Count</c>.</param>
    /// <param name="sample">The value now, or <c>null</c> for a gap.</param>
    /// <param name="cluster">The cluster and <c>WRITER</c> or <c>READER</c>, for a member.</param>
    public static SampledMetric OfInstance(string instance, string name, string unit,
        Func<CancellationToken, ValueTask<double?>> sample, (string Id, string Role)? cluster = null) => new()
        {
            Namespace = "AWS/RDS",
            Name = name,
            Unit = unit,
            Sample = sample,
            Dimensions = cluster is { } member
                ? [Set(("DBInstanceIdentifier", instance)), Set(("DBClusterIdentifier", member.Id), ("Role", member.Role))]
                : [Set(("DBInstanceIdentifier", instance))],
        };

    public static IReadOnlyDictionary<string, string> Set(params (string Name, string Value)[] dimensions) =>
        dimensions.ToDictionary(d => d.Name, d => d.Value);
}

/// <summary>Puts the values of real things into CloudWatch, as the AWS services would.</summary>
internal sealed class MetricSampler(IAmazonCloudWatch cloudWatch, LabClock clock)
{
    private readonly Lock gate = new();
    private readonly List<SampledMetric> metrics = [];

    /// <summary>The last value of each metric that failed to be taken, and why.</summary>
    public Journal<(SampledMetric Metric, string Problem)> Problems { get; } = new();

    /// <summary>Adds a metric, also while sampling runs.</summary>
    public void Add(SampledMetric metric)
    {
        lock (gate) metrics.Add(metric);
    }

    /// <summary>Samples until cancelled.</summary>
    /// <param name="interval">In AWS time; RDS reports once a minute, and shorter intervals make averages of several values.</param>
    /// <param name="cancellation">Ends sampling.</param>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(clock.Shorten(interval), clock.Time);
        do await SampleAsync(cancellation);
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Takes every metric once.</summary>
    public async Task SampleAsync(CancellationToken cancellation)
    {
        SampledMetric[] now;
        lock (gate) now = [.. metrics];
        var values = await Task.WhenAll(now.Select(async metric => (Metric: metric, At: clock.Now, Value: await TakeAsync(metric, cancellation))));
        foreach (var group in values.Where(v => v.Value is not null).GroupBy(v => v.Metric.Namespace))
        {
            await cloudWatch.PutMetricDataAsync(new PutMetricDataRequest
            {
                Namespace = group.Key,
                MetricData = [.. group.SelectMany(v => v.Metric.Dimensions.Select(set => new MetricDatum
                {
                    MetricName = v.Metric.Name,
                    Value = v.Value,
                    Unit = v.Metric.Unit,
                    Timestamp = v.At.UtcDateTime,
                    Dimensions = CloudWatchShapes.Dimensions(set),
                }))],
            }, cancellation);
        }
    }

    private async Task<double?> TakeAsync(SampledMetric metric, CancellationToken cancellation)
    {
        try
        {
            return await metric.Sample(cancellation);
        }
        // Whatever the server did, a sample that cannot be taken is a gap in the metric and not the end of sampling.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Problems.Add((metric, e.Message));
            return null;
        }
    }
}
