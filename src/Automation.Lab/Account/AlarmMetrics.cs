using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>Reads what an alarm looks at from CloudWatch.</summary>
internal sealed class AlarmMetrics(IAmazonCloudWatch cloudWatch, LabClock clock)
{
    /// <summary>How long a period of the alarm lasts in the lab, in whole seconds because CloudWatch counts in those.</summary>
    /// <exception cref="ArgumentException">The lab's time is compressed so far that a period is less than a second.</exception>
    public TimeSpan Period(TemplateAlarm alarm)
    {
        var statistic = alarm.Metrics.Select(m => m.Statistic).OfType<MetricStatistic>().First();
        var seconds = clock.Shorten(statistic.Period).TotalSeconds;
        return seconds >= 1
            ? TimeSpan.FromSeconds(Math.Round(seconds))
            : throw new ArgumentException($"alarm '{alarm.Name}': a period of {statistic.Period.TotalSeconds} s is below one second at a compression of {clock.Compression}");
    }

    /// <summary>The evaluation range that ends with the last whole period before <paramref name="now"/>, oldest first.</summary>
    public async Task<IReadOnlyList<AlarmDatapoint>> RangeAsync(TemplateAlarm alarm, DateTimeOffset now, CancellationToken cancellation)
    {
        var period = Period(alarm);
        var count = AlarmEvaluation.Range(alarm);
        var end = new DateTimeOffset(now.UtcTicks - now.UtcTicks % period.Ticks, TimeSpan.Zero);
        var start = end - count * period;
        var answer = await cloudWatch.GetMetricDataAsync(new GetMetricDataRequest
        {
            StartTime = start.UtcDateTime,
            EndTime = end.UtcDateTime,
            MetricDataQueries = [.. alarm.Metrics.Where(m => m.Statistic is not null).Select(m => new MetricDataQuery
            {
                Id = m.Id,
                ReturnData = true,
                MetricStat = CloudWatchShapes.Stat(m.Statistic!, period),
            })],
        }, cancellation);
        var inputs = (answer.MetricDataResults ?? []).ToDictionary(r => r.Id, r => (r.Timestamps ?? []).Zip(r.Values ?? [])
            .ToDictionary(p => new DateTimeOffset(p.First.ToUniversalTime()), p => p.Second));
        return [.. Enumerable.Range(0, count).Select(i => start + i * period).Select(at => new AlarmDatapoint(at,
            Value(alarm, inputs.ToDictionary(p => p.Key, p => p.Value.TryGetValue(at, out var v) ? v : (double?)null))))];
    }

    // The one metric that returns data is what the threshold applies to.
    private static double? Value(TemplateAlarm alarm, IReadOnlyDictionary<string, double?> inputs)
    {
        var result = alarm.Metrics.Single(m => m.ReturnData);
        return result.Expression is { } expression ? MetricMath.Evaluate(expression, inputs) : inputs.GetValueOrDefault(result.Id);
    }
}
