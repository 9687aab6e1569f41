namespace Automation.Storage.Forecast;

/// <summary>
/// What was used on a typical hour of a day, for the day that ends at each hour back from the last reading. A spike shorter
/// than half a day is not in it. Rates are in bytes an hour.
/// </summary>
internal sealed class DailyLevels
{
    /// <summary>Hours of a day.</summary>
    public const int Day = 24;

    /// <summary>Hours of a week.</summary>
    public const int Week = 7 * Day;

    // A third of a day. Of fewer readings the typical one may be any.
    private const int Fewest = 8;

    private const int Most = (2 * Week) + (2 * Day);

    private readonly double?[] levels;

    /// <param name="readings">Hourly, oldest first, at least one.</param>
    public DailyLevels(IReadOnlyList<Reading> readings)
    {
        var last = readings[^1].At;
        int HourOf(Reading reading) => (int)Math.Round((last - reading.At).TotalHours);
        var used = new double?[Math.Min(HourOf(readings[0]), Most) + 1];
        foreach (var reading in readings)
            if (HourOf(reading) < used.Length) used[HourOf(reading)] = reading.Bytes;

        // The median of a day that grows must not depend on which of its hours are missing, or are spikes.
        var differences = Enumerable.Range(0, used.Length).Where(hour => hour + Day < used.Length)
            .Select(hour => used[hour] - used[hour + Day]).OfType<double>().ToList();
        var trend = differences.Count == 0 ? 0 : Robust.Median(differences) / Day;
        levels = [.. Enumerable.Range(0, used.Length).Select(hour => LevelAt(hour, used, trend))];
        Newest = Math.Max(0, Array.FindIndex(levels, level => level is not null));
        Oldest = Math.Max(0, Array.FindLastIndex(levels, level => level is not null));
    }

    /// <summary>Hours back to the newest level there is.</summary>
    public int Newest { get; }

    /// <summary>Hours back to the oldest.</summary>
    public int Oldest { get; }

    /// <summary>The level so many hours before the last reading, typical of the day that ends there.</summary>
    public double? this[int hour] => hour >= 0 && hour < levels.Length ? levels[hour] : null;

    /// <summary>The rate from the day before to this one; <c>null</c> when one of them is unknown.</summary>
    public double? Growth(int hour) => Rate(hour, hour + Day);

    /// <summary>All that are known, newest first.</summary>
    public IEnumerable<(int Hour, double Rate)> Growths() =>
        from hour in Enumerable.Range(0, levels.Length) let rate = Growth(hour) where rate is not null select (hour, rate.Value);

    /// <summary>The rate between two levels.</summary>
    public double? Rate(int newer, int older) => (this[newer] - this[older]) / (older - newer);

    /// <summary>The known level nearest to an hour, at most so far away.</summary>
    public int? Nearest(int hour, int within) =>
        Enumerable.Range(0, within + 1).SelectMany(off => (int[])[hour + off, hour - off]).Cast<int?>().FirstOrDefault(near => this[near!.Value] is not null);

    private static double? LevelAt(int hour, double?[] used, double trend)
    {
        var day = Enumerable.Range(hour, Math.Min(Day, used.Length - hour)).Select(i => used[i] + (trend * (i - hour))).OfType<double>().ToList();
        return day.Count < Fewest ? null : Robust.Median(day);
    }
}
