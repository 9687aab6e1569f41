namespace Automation.Storage.Forecast;

/// <summary>By how much a resize changed the allocated size, read from the jump of free space. Pure.</summary>
internal static class ResizeRules
{
    // Half a day of ordinary readings outweighs a spike, which is what often sets off a resize.
    private const int Nearest = 24;

    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(12);

    /// <param name="resize">For the doubts.</param>
    /// <param name="before">Free space since the resize before this one, oldest first; not empty.</param>
    /// <param name="after">Free space until the next one.</param>
    /// <param name="doubts">Gets a sentence where the size is a guess.</param>
    /// <returns>RDS allocates whole GiB and never shrinks: the nearest number to the jump less the ordinary growth, at least 0.</returns>
    public static double StepGiB(Resize resize, List<Reading> before, List<Reading> after, List<string> doubts)
    {
        if (after.Count == 0)
        {
            doubts.Add($"There are no readings since the change of the allocated size on {Sizes.At(resize.From)}.");
            return 0;
        }
        var gap = after[0].At - before[^1].At;
        if (gap > LongestGap)
            doubts.Add($"There are no readings for {Sizes.Of(gap)} around the change of the allocated size on {Sizes.At(resize.From)}: by how much it grew is a guess.");

        var (left, right) = (before[^Math.Min(Nearest, before.Count)..], after[..Math.Min(Nearest, after.Count)]);
        var slopes = Slopes(left).Concat(Slopes(right)).ToList();
        var slope = slopes.Count == 0 ? 0 : Robust.Median(slopes);
        var step = Math.Round((Level(right) - Level(left)) / Sizes.GiB);
        if (step >= 1) return step;
        doubts.Add($"RDS changed the allocated size on {Sizes.At(resize.From)}, and free space did not grow then.");
        return 0;

        // Above the first reading after it: the size of the disk must not decide how the jump is rounded.
        double Level(List<Reading> readings) => Robust.Median(readings.Select(reading => reading.Bytes - after[0].Bytes - (slope * (reading.At - after[0].At).TotalSeconds)));
    }

    private static IEnumerable<double> Slopes(List<Reading> readings) =>
        from i in Enumerable.Range(0, readings.Count)
        from j in Enumerable.Range(i + 1, readings.Count - i - 1)
        select (readings[j].Bytes - readings[i].Bytes) / (readings[j].At - readings[i].At).TotalSeconds;
}
