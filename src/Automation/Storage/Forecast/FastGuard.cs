namespace Automation.Storage.Forecast;

/// <summary>Sees what fills within hours, which no figure of days can. Pure.</summary>
internal static class FastGuard
{
    private static readonly TimeSpan Piece = TimeSpan.FromMinutes(10);

    private const int Pieces = 6;

    /// <summary>
    /// The rate of the last hour: the median of the differences between successive ten minutes, each at its median. Of five
    /// differences four must be at least half of it, so one jump is none, however high.
    /// </summary>
    /// <param name="minutes">Used, by the minute.</param>
    /// <param name="now">The hour ends here, or at the last reading if that is less than ten minutes old.</param>
    /// <returns>Bytes an hour; <c>null</c> when it does not grow so steadily, or is not known.</returns>
    public static double? Rate(UsedSeries minutes, DateTimeOffset now)
    {
        if (minutes.Readings.Count == 0 || now - minutes.Readings[^1].At > Piece) return null;
        var end = minutes.Readings[^1].At;
        var levels = new List<double>(Pieces);
        for (var piece = Pieces - 1; piece >= 0; piece--)
        {
            var (from, to) = (end - ((piece + 1) * Piece), end - (piece * Piece));
            var values = minutes.Readings.Where(reading => reading.At > from && reading.At <= to).Select(reading => reading.Bytes).ToList();
            if (values.Count == 0) return null;
            levels.Add(Robust.Median(values));
        }
        var steps = levels.Zip(levels.Skip(1), (before, after) => after - before).ToList();
        var usual = Robust.Median(steps);
        return usual > 0 && steps.Count(step => step >= usual / 2) >= steps.Count - 1 ? usual / Piece.TotalHours : null;
    }
}
