namespace Automation.Storage.Forecast;

/// <summary>The time that readings are asked for. Pure.</summary>
/// <param name="Start">Included; on a multiple of the period, as CloudWatch's points are.</param>
/// <param name="End">Excluded; the period that is not over has no average yet.</param>
/// <param name="Period">Of a reading.</param>
internal sealed record MetricWindow(DateTimeOffset Start, DateTimeOffset End, TimeSpan Period)
{
    // CloudWatch keeps points of a minute for 15 days, of five minutes for 63 and of an hour for 455. Asked for a period that it
    // does not keep so long, it answers with no points and no error.
    private static readonly TimeSpan Minutes = TimeSpan.FromDays(15);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromDays(63);

    /// <summary>Points of one series.</summary>
    public int Points => (int)((End - Start) / Period);

    /// <summary>Hourly, for <see cref="ForecastRules.History"/>.</summary>
    public static MetricWindow OfForecast(DateTimeOffset now) => Back(now, ForecastRules.History, TimeSpan.FromHours(1));

    /// <summary>By the minute, three hours.</summary>
    public static MetricWindow OfFastGuard(DateTimeOffset now) => Back(now, TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));

    /// <param name="now">The end, or a little after it.</param>
    /// <param name="length">Positive.</param>
    /// <param name="wanted">Whole minutes; made longer where CloudWatch keeps no such period.</param>
    public static MetricWindow Back(DateTimeOffset now, TimeSpan length, TimeSpan wanted)
    {
        var kept = KeptPeriod(length + wanted);
        var period = kept * Math.Ceiling(wanted / kept);
        return new MetricWindow(Floor(now - length, period), Floor(now, period), period);
    }

    /// <summary>What the period of points must be a multiple of when they begin so long ago.</summary>
    public static TimeSpan KeptPeriod(TimeSpan age) =>
        age < Minutes ? TimeSpan.FromMinutes(1) : age < FiveMinutes ? TimeSpan.FromMinutes(5) : TimeSpan.FromHours(1);

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan period) =>
        new(time.UtcTicks - (time.UtcTicks % period.Ticks), TimeSpan.Zero);
}
