using System.Globalization;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Storage.Forecast;

/// <summary>Asks CloudWatch, for all series of a window together.</summary>
internal sealed class CloudWatchStorageMetrics(IAmazonCloudWatch cloudWatch) : IStorageMetrics
{
    public async Task<IReadOnlyDictionary<MetricSeries, MetricPoints>> ReadAsync(
        IEnumerable<MetricSeries> series, MetricWindow window, CancellationToken cancellation)
    {
        var found = new Dictionary<MetricSeries, MetricPoints>();
        if (window.Points <= 0) return series.Distinct().ToDictionary(one => one, _ => new MetricPoints([], null));
        foreach (var batch in MetricBatches.Of(series.Distinct(), window.Points))
            await ReadBatchAsync(batch, window, found, cancellation);
        return found;
    }

    private async Task ReadBatchAsync(MetricSeries[] batch, MetricWindow window, Dictionary<MetricSeries, MetricPoints> found, CancellationToken cancellation)
    {
        var collected = batch.Select((one, i) => (Id: IdOf(i), Series: one)).ToDictionary(one => one.Id, _ => new Collected(), StringComparer.Ordinal);
        var request = new GetMetricDataRequest
        {
            StartTime = window.Start.UtcDateTime,
            EndTime = window.End.UtcDateTime,
            MaxDatapoints = MetricBatches.MostPoints,
            MetricDataQueries = [.. batch.Select((one, i) => QueryOf(one, IdOf(i), window.Period))],
        };
        var messages = new List<MessageData>();
        do
        {
            var page = await cloudWatch.GetMetricDataAsync(request, cancellation);
            messages.AddRange(page.Messages ?? []);
            foreach (var result in page.MetricDataResults ?? [])
                if (result.Id is not null && collected.TryGetValue(result.Id, out var one)) one.Add(result);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        for (var i = 0; i < batch.Length; i++) found[batch[i]] = collected[IdOf(i)].Points(messages);
    }

    private static MetricDataQuery QueryOf(MetricSeries series, string id, TimeSpan period) => new()
    {
        Id = id,
        MetricStat = new MetricStat
        {
            Metric = new Metric
            {
                Namespace = "AWS/RDS",
                MetricName = series.Metric.ToString(),
                Dimensions = [new Dimension { Name = series.Dimension, Value = series.Database }],
            },
            Period = (int)period.TotalSeconds,
            Stat = "Average",
        },
    };

    // CloudWatch wants ids that begin with a small letter.
    private static string IdOf(int i) => string.Create(CultureInfo.InvariantCulture, $"s{i}");

    /// <summary>The parts of one series, page by page.</summary>
    private sealed class Collected
    {
        private readonly List<Reading> readings = [];
        private readonly List<MessageData> messages = [];
        private StatusCode? status;

        public void Add(MetricDataResult result)
        {
            readings.AddRange((result.Timestamps ?? []).Zip(result.Values ?? [], (at, value) => new Reading(RdsDatabases.Utc(at)!.Value, value)));
            messages.AddRange(result.Messages ?? []);
            // PartialData means that more comes on the next page; it is a fault of the last one only.
            status = result.StatusCode ?? status;
        }

        public MetricPoints Points(List<MessageData> ofAll)
        {
            var said = messages.Concat(ofAll).Select(message => Printable.Line($"{message.Code}: {message.Value}", 200)).Distinct().ToList();
            if (status is null) said.Insert(0, "it did not answer for this series");
            else if (status != StatusCode.Complete) said.Insert(0, $"its answer is {status.Value}");
            return new MetricPoints(readings, said.Count == 0 ? null : $"CloudWatch may not have told every reading: {string.Join("; ", said)}.");
        }
    }
}
