using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Lab.Account;

namespace Automation.Lab.Storage;

/// <summary>Puts a past into CloudWatch: what a forecast looks back on.</summary>
internal sealed class MetricHistory(IAmazonCloudWatch cloudWatch)
{
    /// <summary>CloudWatch takes no more in one call.</summary>
    private const int MostInOneCall = 1_000;

    /// <summary>Points of an instance's <c>FreeStorageSpace</c>, one an hour unless told otherwise.</summary>
    /// <param name="instanceId">The metric's dimension.</param>
    /// <param name="until">The last point's time.</param>
    /// <param name="past">How far back; CloudWatch takes two weeks.</param>
    /// <param name="free">The bytes at a time; <c>null</c>: there is no point.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="period">From point to point.</param>
    /// <returns>How many points there are.</returns>
    public Task<int> PutFreeStorageAsync(
        string instanceId, DateTimeOffset until, TimeSpan past, Func<DateTimeOffset, double?> free, CancellationToken cancellation, TimeSpan? period = null) =>
        PutAsync(SampledMetric.Set(("DBInstanceIdentifier", instanceId)), "FreeStorageSpace", until, past, free, period ?? TimeSpan.FromHours(1), cancellation);

    /// <summary>Points of any metric of RDS, in bytes.</summary>
    public async Task<int> PutAsync(
        IReadOnlyDictionary<string, string> dimensions, string name, DateTimeOffset until, TimeSpan past,
        Func<DateTimeOffset, double?> value, TimeSpan period, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var batch in Points(dimensions, name, until, past, value, period).Chunk(MostInOneCall))
        {
            await cloudWatch.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "AWS/RDS", MetricData = [.. batch] }, cancellation);
            count += batch.Length;
        }
        return count;
    }

    private static IEnumerable<MetricDatum> Points(
        IReadOnlyDictionary<string, string> dimensions, string name, DateTimeOffset until, TimeSpan past,
        Func<DateTimeOffset, double?> value, TimeSpan period)
    {
        for (var at = until - past; at <= until; at += period)
        {
            if (value(at) is not { } point) continue;
            yield return new MetricDatum
            {
                MetricName = name,
                Value = point,
                Unit = "Bytes",
                Timestamp = at.UtcDateTime,
                Dimensions = CloudWatchShapes.Dimensions(dimensions),
            };
        }
    }
}
