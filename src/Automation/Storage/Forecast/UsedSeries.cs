namespace Automation.Storage.Forecast;

/// <summary>What a database used over time, in order, each time once, and what is doubtful about it.</summary>
/// <param name="Readings">Used bytes, oldest first.</param>
/// <param name="Doubts">Sentences; none when every size is known well.</param>
internal sealed record UsedSeries(IReadOnlyList<Reading> Readings, IReadOnlyList<string> Doubts)
{
    // FreeStorageSpace follows a resize within minutes.
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(10);

    /// <summary>Of an Aurora cluster, from <c>VolumeBytesUsed</c>.</summary>
    public static UsedSeries OfCluster(IEnumerable<Reading> used) => new(InOrder(used, Enumerable.Max), []);

    /// <summary>
    /// Of an RDS instance: used = allocated - free, with the size that was allocated then. The sizes of earlier times are found
    /// by walking back from the one there is now over the resizes.
    /// </summary>
    /// <param name="free"><c>FreeStorageSpace</c>, in any order.</param>
    /// <param name="period">Of the readings.</param>
    /// <param name="allocatedGiB">Allocated now.</param>
    /// <param name="resizes">In any order, without those from before the first reading if nobody knows them.</param>
    public static UsedSeries OfVolume(IEnumerable<Reading> free, TimeSpan period, int allocatedGiB, IEnumerable<Resize> resizes)
    {
        var readings = InOrder(free, Enumerable.Min);
        var doubts = new List<string>();
        var applied = new List<Resize>();
        foreach (var resize in resizes.OrderBy(resize => resize.From))
        {
            if (resize.To is not null) applied.Add(resize);
            else doubts.Add($"A change of the allocated size began {Sizes.At(resize.From)} and RDS has not said that it ended.");
        }

        // A reading that a resize falls into is a mix of two sizes.
        readings.RemoveAll(reading => applied.Exists(resize => reading.At + period > resize.From && reading.At <= resize.To!.Value + Lag));
        applied = Merged(applied, readings);

        var allocated = (double)allocatedGiB;
        var used = new List<Reading>(readings.Count);
        var end = readings.Count;
        for (var i = applied.Count - 1; i >= 0; i--)
        {
            var start = FirstAfter(readings, applied[i].From);
            AddUsed(start, end);
            var earlier = i == 0 ? 0 : FirstAfter(readings, applied[i - 1].From);
            var known = applied[i].BeforeGiB ?? (i == 0 ? null : applied[i - 1].AfterGiB);
            if (known is { } exact) allocated = exact;
            else if (start > 0) allocated -= ResizeRules.StepGiB(applied[i], readings[earlier..start], readings[start..end], doubts);
            end = start;
        }
        AddUsed(0, end);
        used.Reverse();
        return new UsedSeries(used, doubts);

        void AddUsed(int from, int to)
        {
            for (var i = to - 1; i >= from; i--) used.Add(new Reading(readings[i].At, (allocated * Sizes.GiB) - readings[i].Bytes));
        }
    }

    /// <summary>Of two readings of one time the one with more used counts: the order they came in must not matter.</summary>
    private static List<Reading> InOrder(IEnumerable<Reading> readings, Func<IEnumerable<double>, double> fullest) =>
        [.. readings.Where(reading => double.IsFinite(reading.Bytes))
            .GroupBy(reading => reading.At.UtcTicks)
            .Select(same => new Reading(same.First().At, fullest(same.Select(reading => reading.Bytes))))
            .OrderBy(reading => reading.At)];

    /// <summary>Resizes with no reading between them are seen as one jump, so they are one.</summary>
    private static List<Resize> Merged(List<Resize> resizes, List<Reading> readings)
    {
        var merged = new List<Resize>();
        foreach (var resize in resizes)
        {
            if (merged.Count > 0 && FirstAfter(readings, merged[^1].From) == FirstAfter(readings, resize.From))
            {
                var last = merged[^1];
                merged[^1] = new Resize(last.From, resize.To > last.To ? resize.To : last.To) { BeforeGiB = last.BeforeGiB, AfterGiB = resize.AfterGiB };
            }
            else merged.Add(resize);
        }
        return merged;
    }

    private static int FirstAfter(List<Reading> readings, DateTimeOffset time)
    {
        var index = readings.FindIndex(reading => reading.At > time);
        return index < 0 ? readings.Count : index;
    }
}
