using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Automation.Storage.Forecast;

namespace Automation.Benchmarks.Storage;

/// <summary>
/// Answers GetMetricData as CloudWatch does: JSON, every point of every query, pages of 100,800. The points of all databases are the
/// same and written once, so that next to nothing of what is measured is the server's.
/// </summary>
internal static class MetricAnswers
{
    private static readonly ConcurrentDictionary<(long Start, long End, int Period), (int Points, string Json)> Series = new();

    /// <param name="request">The body of a GetMetricData request.</param>
    public static string Of(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        var asked = document.RootElement;
        var queries = asked.GetProperty("MetricDataQueries");
        var skip = asked.TryGetProperty("NextToken", out var token) ? int.Parse(token.GetString()!, CultureInfo.InvariantCulture) : 0;
        var period = queries[0].GetProperty("MetricStat").GetProperty("Period").GetInt32();
        var (points, json) = Series.GetOrAdd(
            ((long)asked.GetProperty("StartTime").GetDouble(), (long)asked.GetProperty("EndTime").GetDouble(), period), window => Written(window.Start, window.End, window.Period));
        var answer = new StringBuilder("{\"MetricDataResults\":[");
        var end = Math.Min(queries.GetArrayLength(), skip + Math.Max(1, MetricBatches.MostPoints / points));
        for (var i = skip; i < end; i++)
            answer.Append(i == skip ? "" : ",").Append("{\"Id\":\"").Append(queries[i].GetProperty("Id").GetString()).Append("\",").Append(json).Append('}');
        answer.Append(']');
        if (end < queries.GetArrayLength()) answer.Append(CultureInfo.InvariantCulture, $",\"NextToken\":\"{end}\"");
        return answer.Append('}').ToString();
    }

    /// <summary>Free space that shrinks by a quarter of a GiB an hour, newest first, as CloudWatch does it unasked.</summary>
    private static (int, string) Written(long start, long end, int period)
    {
        var times = Enumerable.Range(0, (int)((end - start) / period)).Select(i => start + (i * (long)period)).Reverse().ToList();
        var values = times.Select(time => (300L << 30) - ((time - start) / 3600 * (1 << 28)) + (time / 3600 * 7919 % 100_003 * 1024));
        return (times.Count, Figures.Text($"\"Label\":\"FreeStorageSpace\",\"Timestamps\":[{string.Join(',', times)}],\"Values\":[{string.Join(',', values)}],\"StatusCode\":\"Complete\""));
    }
}
