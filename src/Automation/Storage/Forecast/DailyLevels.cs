namespace Automation.Storage.Forecast;

/// <summary>
/// What was used on a typical hour of a day, for the day that ends at each hour back from the last reading. A spike shorter
/// than half a day is not in it.
/// </summary>
internal sealed class DailyLevels
{
    /// <summary>Hours, and so steps, of a day.</summary>
    public const int Day = 24;

    /// <summary>Hours of a week.</summary>
    public const int Week = 7 * Day;

    // A third of a day. Of fewer readings the typical one may be any.
    private const int Fewest = 8;

    private readonly (DateTimeOffset At, double Bytes)?[] levels;

    /// <param name="readings">Hourly, oldest first, at least one.</param>
    public DailyLevels(IReadOnlyList<Reading> readings)
    {
        var last = readings[^1].At;
        levels = new (DateTimeOffset, double)?[(int)Math.Min((last - readings[0].At).TotalHours, (2 * Week) + (2 * Day)) + 1];
        var (from, to) = (readings.Count, readings.Count);
        for (var hour = 0; hour < levels.Length; hour++)
        {
            var end = last.AddHours(-hour);
            while (to > 0 && readings[to - 1].At > end) to--;
            from = Math.Min(from, to);
            while (from > 0 && readings[from - 1].At > end.AddHours(-Day)) from--;
            if (to - from >= Fewest) levels[hour] = Typical(readings, from, to);
        }
        Newest = Math.Max(0, Array.FindIndex(levels, level => level is not null));
    }

    /// <summary>Hours back to the newest level there is.</summary>
    public int Newest { get; }

    /// <summary>The level of the day that ends so many hours before the last reading, and the middle of that day's readings.</summary>
    public (DateTimeOffset At, double Bytes)? this[int hour] => hour >= 0 && hour < levels.Length ? levels[hour] : null;

    /// <summary>The rate, in bytes a second, from the day before to this one; <c>null</c> when one of them is unknown.</summary>
    public double? Growth(int hour) => Rate(hour, hour + Day);

    /// <summary>All that are known, newest first.</summary>
    public IEnumerable<(int Hour, double Rate)> Growths() =>
        Enumerable.Range(0, levels.Length).Select(hour => (hour, Growth(hour))).Where(growth => growth.Item2 is not null).Select(growth => (growth.hour, growth.Item2!.Value));

    /// <summary>Bytes a second between two levels; they are a day apart or more, so that their readings are others.</summary>
    public double? Rate(int newer, int older) =>
        this[newer] is { } end && this[older] is { } start ? (end.Bytes - start.Bytes) / (end.At - start.At).TotalSeconds : null;

    /// <summary>The known level nearest to an hour, at most so far away.</summary>
    public int? Nearest(int hour, int within) =>
        Enumerable.Range(0, within + 1).SelectMany(off => (int[])[hour + off, hour - off]).Cast<int?>().FirstOrDefault(near => this[near!.Value] is not null);

    /// <summary>The oldest level that is known.</summary>
    public int Oldest => Math.Max(0, Array.FindLastIndex(levels, level => level is not null));

    private static (DateTimeOffset, double) Typical(IReadOnlyList<Reading> readings, int from, int to)
    {
        var (low, high) = (readings[(from + to - 1) / 2].At, readings[(from + to) / 2].At);
        return (low + ((high - low) / 2), Robust.Median(Enumerable.Range(from, to - from).Select(i => readings[i].Bytes)));
    }
}
