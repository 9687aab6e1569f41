namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// No snapshot is deleted wrongly. The truth about retention is told here once more, on purpose: of the good snapshots of a database
/// the newest stays, and the newest one of each of the last <see cref="Hourly"/> hours and <see cref="Daily"/> days in which there is one.
/// </summary>
internal static class RightDeletions
{
    /// <summary>As the policy of the soak says (<see cref="SoakNames.SnapshotsPolicy"/>).</summary>
    public const int Hourly = 2, Daily = 2;

    public static Verdict Judge(SoakFacts facts) => new(
        "3 no snapshot is deleted wrongly",
        [
            new(facts.Deletions.Count, "deletions"),
            new(Spared(facts, snapshot => snapshot.Held), "held ones that were past their use", MayBeAbsent: true),
            new(Spared(facts, snapshot => snapshot is { Slot: not null, Available: false }), "failed ones", MayBeAbsent: true),
            new(Spared(facts, snapshot => snapshot.Slot is null), "ones of people", MayBeAbsent: true),
        ],
        [.. facts.Deletions.Select(Wrong).OfType<string>()]);

    /// <summary>What was there when others went, and would have gone with them but for one reason.</summary>
    private static int Spared(SoakFacts facts, Func<ShelfSnapshot, bool> reason) => facts.Deletions
        .SelectMany(deletion => deletion.Shelf.Where(snapshot => reason(snapshot) && (!snapshot.Held || Wrong(deletion.Shelf, snapshot with { Held = false }) is null)))
        .DistinctBy(snapshot => snapshot.Id).Count();

    private static string? Wrong(Deletion deletion)
    {
        return deletion.Shelf.FirstOrDefault(snapshot => snapshot.Id == deletion.Id) is { } gone ? Wrong(deletion.Shelf, gone) : $"{deletion.Id} was deleted and nobody knew it";
    }

    private static string? Wrong(IReadOnlyList<ShelfSnapshot> shelf, ShelfSnapshot gone)
    {
        if (gone.Slot is null) return $"{gone.Id} was deleted, and a person made it";
        if (gone.Held) return $"{gone.Id} was deleted, and it was held";
        if (!gone.Available) return $"{gone.Id} was deleted, and it was not whole";
        var good = shelf.Where(snapshot => snapshot.Database == gone.Database && snapshot is { Available: true, Slot: not null })
            .OrderByDescending(snapshot => snapshot.Slot).ToList();
        if (good[0].Slot == gone.Slot && good.Count(snapshot => snapshot.Slot == gone.Slot) == 1) return $"{gone.Id} was deleted, and it was the newest";
        return Keeps(good, gone, slot => slot.UtcDateTime.Ticks / TimeSpan.TicksPerHour, Hourly) ? $"{gone.Id} was deleted, and the policy keeps it as one of {Hourly} hourly ones"
            : Keeps(good, gone, slot => slot.UtcDateTime.Ticks / TimeSpan.TicksPerDay, Daily) ? $"{gone.Id} was deleted, and the policy keeps it as one of {Daily} daily ones"
            : null;
    }

    private static bool Keeps(IEnumerable<ShelfSnapshot> newestFirst, ShelfSnapshot one, Func<DateTimeOffset, long> period, int count) =>
        newestFirst.GroupBy(snapshot => period(snapshot.Slot!.Value)).Take(count)
            .Any(of => of.Max(snapshot => snapshot.Slot) == one.Slot && of.Count(snapshot => snapshot.Slot == one.Slot) == 1);
}
