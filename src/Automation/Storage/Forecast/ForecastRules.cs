namespace Automation.Storage.Forecast;

/// <summary>
/// When the storage of a database will be full. Pure. The rule:
/// <list type="number">
/// <item>The level of a day is the median of its hourly readings, and growth is the difference of two such levels, so a spike
/// shorter than half a day counts nowhere but in the range.</item>
/// <item>The rate is the middle one of three: the median of all differences of 24 hours, the growth of the last week, and that
/// of the week before; what happened in one week only does not count, what happens every week does.</item>
/// <item>If the last three days grew faster than the same three days a week before, by more than days differ anyway, they count;
/// if slower, they only widen the range, which is as wide as days differ from those a week before.</item>
/// <item>Where less than a fifth is free, a steady growth over the last hour brings the soonest date forward; whatever moves the
/// date by a fifth and is not explained by these, and all data that are missing, are doubts.</item>
/// </list>
/// </summary>
internal static class ForecastRules
{
    /// <summary>Readings to ask for: two weeks to compare, and the day before the first of them.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(15);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Late = TimeSpan.FromHours(3);
    private static readonly TimeSpan TooLate = TimeSpan.FromHours(24);
    private static readonly TimeSpan OneWeek = TimeSpan.FromDays(6.5);
    private const double ManyMissing = 0.1;

    /// <param name="hours">Used, by the hour, for <see cref="History"/>.</param>
    /// <param name="minutes">Used in the last hour, by the minute; <c>null</c> where there is no such metric.</param>
    /// <param name="capacity">Bytes.</param>
    /// <param name="now">Days are counted from here.</param>
    public static StorageForecast Of(UsedSeries hours, UsedSeries? minutes, double capacity, DateTimeOffset now)
    {
        var lastUsed = minutes is { Readings.Count: > 0 } ? minutes.Readings[^1] : hours.Readings.Count > 0 ? hours.Readings[^1] : (Reading?)null;
        if (lastUsed is null) return new StorageForecast.Unknown("There is no reading; a forecast needs those of two days.");
        var fast = minutes is null ? null : FastGuard.Rate(minutes, now);
        var levels = hours.Readings.Count > 0 ? new DailyLevels(hours.Readings) : null;
        if (levels is null || GrowthRates.Of(levels) is not { } rates || now - hours.Readings[^1].At > TooLate)
        {
            var why = TooLittle(hours, now);
            var still = new Estimate(lastUsed.Value.Bytes, lastUsed.Value.Bytes, lastUsed.Value.Bytes);
            var only = new StorageForecast.Growing { Slow = default, Fast = fast, Used = still, LastUsed = lastUsed.Value.Bytes, Capacity = capacity, Doubts = [why] };
            return only.FastCounts(capacity) ? only with { Doubts = [why, FastDoubt(only)] } : new StorageForecast.Unknown(why);
        }

        var slow = rates.Range;
        var likely = levels[levels.Newest]!.Value + (slow.Likely * (now - hours.Readings[^1].At.AddHours(-levels.Newest)).TotalHours);
        var day = hours.Readings.Where(reading => reading.At > hours.Readings[^1].At.AddDays(-1)).Select(reading => reading.Bytes);
        var growing = new StorageForecast.Growing
        {
            Slow = slow,
            Fast = fast > slow.Likely ? fast : null,
            Used = new Estimate(Math.Min(likely, lastUsed.Value.Bytes), likely, Math.Max(Math.Max(likely, lastUsed.Value.Bytes), day.Max())),
            LastUsed = lastUsed.Value.Bytes,
            Capacity = capacity,
            Doubts = [],
        };
        var ofData = DataDoubts(hours, minutes, now);
        var ofRate = DoubtRules.OfRate(rates, growing);
        var fastCounts = growing.FastCounts(capacity);
        if (growing.DaysToFull.Likely >= DaysToFull.Furthest && ofRate.Count == 0 && !fastCounts) return new StorageForecast.NotGrowing(ofData);
        return growing with { Doubts = [.. ofData, .. ofRate, .. DoubtRules.OfLevel(growing), .. fastCounts ? (string[])[FastDoubt(growing)] : []] };
    }

    private static List<string> DataDoubts(UsedSeries hours, UsedSeries? minutes, DateTimeOffset now)
    {
        var doubts = hours.Doubts.ToList();
        var (first, last) = (hours.Readings[0].At, hours.Readings[^1].At);
        var expected = (int)Math.Round((last - first) / Hour) + 1;
        if (last - first < OneWeek)
            doubts.Add(Sizes.Text($"The readings are of {Sizes.Of(last - first)} only; a week is needed to see one, two to know what happens every week."));
        if (hours.Readings.Count < expected * (1 - ManyMissing))
            doubts.Add(Sizes.Text($"{expected - hours.Readings.Count} of {expected} hourly readings are missing."));
        if (now - last > Late) doubts.Add($"The last reading is {Sizes.Of(now - last)} old.");
        if (minutes is { Readings.Count: 0 }) doubts.Add("There are no readings by the minute, so nobody sees whether it fills fast right now.");
        return doubts;
    }

    private static string TooLittle(UsedSeries hours, DateTimeOffset now) => hours.Readings.Count == 0
        ? "There are no hourly readings; a forecast needs those of two days."
        : now - hours.Readings[^1].At > TooLate
            ? $"The last hourly reading is {Sizes.Of(now - hours.Readings[^1].At)} old; a forecast needs one of the last {Sizes.Of(TooLate)}."
            : Sizes.Text($"There are {hours.Readings.Count} hourly readings over {Sizes.Of(hours.Readings[^1].At - hours.Readings[0].At)}; a forecast needs those of two days, a third of each at least.");

    private static string FastDoubt(StorageForecast.Growing growing) => Sizes.Text(
        $"In the last hour it grew by {Sizes.Of(growing.Fast!.Value)}, steadily: at that rate it is full in {(growing.Capacity - growing.LastUsed) / growing.Fast.Value:0.#} hours.");
}
