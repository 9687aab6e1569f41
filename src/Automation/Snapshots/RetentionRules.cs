namespace Automation.Snapshots;

/// <summary>
/// Which snapshots of a database go. Whatever is not certainly ours, whole and past its use stays: a snapshot too many costs
/// money, one too few costs the database.
/// </summary>
internal static class RetentionRules
{
    /// <summary>A slot at most this far ahead is a difference of clocks; one further ahead is an error that must not push others out.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    /// <summary>
    /// Gives every snapshot of one database at one place its verdict. Only good ones, which are ours, available and of a known
    /// slot that is not in the future, stand for a period or are ever deleted; the newest of them always stays.
    /// </summary>
    /// <param name="items">In any order.</param>
    /// <param name="policy">Of the database.</param>
    /// <param name="now">The present.</param>
    /// <param name="maxDeletions">The cap of one run: the oldest slots go first, the others stay until the next run.</param>
    internal static RetentionPlan Plan(IReadOnlyList<RetentionItem> items, RetentionPolicy policy, DateTimeOffset now, int maxDeletions)
    {
        RetentionItem[] ordered = [.. items];
        Array.Sort(ordered, NewestFirst);
        var doubts = Doubts(ordered, now);
        var good = Good(ordered, doubts);
        var selection = new RetentionSelection(policy, Array.ConvertAll(good, item => item.Slot!.Value));
        var lastMade = LastMade(good);

        var lines = new RetentionLine[ordered.Length];
        var (cap, deleted, rank) = (Math.Max(maxDeletions, 0), 0, good.Length);
        var over = $"over the {cap} deletions of one run";
        for (var i = ordered.Length - 1; i >= 0; i--)
        {
            if (doubts[i] is { } doubt)
            {
                lines[i] = new RetentionLine(ordered[i].Id, Delete: false, doubt);
                continue;
            }
            rank--;
            var always = WhyAlways(good, rank, lastMade);
            lines[i] = (always, selection.Keeps(rank)) switch
            {
                ("", false) when deleted++ < cap => new RetentionLine(ordered[i].Id, Delete: true, selection.Why(rank)),
                ("", false) => new RetentionLine(ordered[i].Id, Delete: false, over),
                (_, true) => new RetentionLine(ordered[i].Id, Delete: false, Both(always, selection.Why(rank))),
                (_, false) => new RetentionLine(ordered[i].Id, Delete: false, always),
            };
        }
        return new RetentionPlan(lines);
    }

    /// <summary>Why a snapshot is not good, so that it stays and counts for nothing; <c>null</c> for a good one.</summary>
    private static string?[] Doubts(RetentionItem[] ordered, DateTimeOffset now)
    {
        HashSet<string> seen = new(ordered.Length, StringComparer.Ordinal), repeated = new(StringComparer.Ordinal);
        foreach (var item in ordered)
            if (!seen.Add(item.Id)) repeated.Add(item.Id);

        return Array.ConvertAll(ordered, item => item switch
        {
            // A listing that changes between its pages. The verdict over one entry would hit the other too.
            _ when repeated.Contains(item.Id) => "listed more than once: not touched",
            { IsOurs: false } => "not ours: not touched",
            { Status: not "available" } => $"status {item.Status}: not touched",
            { Slot: null } => "slot unknown: not touched",
            { Slot: { } slot } when slot - now > ClockTolerance => "slot in the future: not touched",
            _ => null,
        });
    }

    private static RetentionItem[] Good(RetentionItem[] ordered, string?[] doubts) =>
        [.. ordered.Where((_, i) => doubts[i] is null)];

    /// <summary>A copy to a destination is incremental only while the last completed one is still there: that one always stays.</summary>
    private static RetentionItem? LastMade(RetentionItem[] good)
    {
        RetentionItem? last = null;
        foreach (var item in good)
            if (last is null || item.CreatedAt > last.CreatedAt || (item.CreatedAt is not null && last.CreatedAt is null)) last = item;
        return last;
    }

    /// <summary>Why a good snapshot stays whatever the policy is; empty where nothing says so.</summary>
    private static string WhyAlways(RetentionItem[] good, int rank, RetentionItem? lastMade)
    {
        var item = good[rank];
        var why = rank == 0 ? "newest" : ReferenceEquals(item, lastMade) ? "made last" : "";
        if (item.Held) why = Both(why, "held by tag");
        if (item.Shared) why = Both(why, "shared with another account");
        return item.CopyInFlight ? Both(why, "being copied") : why;
    }

    private static string Both(string one, string other) => one.Length == 0 ? other : $"{one}; {other}";

    /// <summary>Unknown slots last. A slot taken twice: the later made first, then ids, so that the order of the input never shows.</summary>
    private static int NewestFirst(RetentionItem one, RetentionItem other) => (one.Slot, other.Slot) switch
    {
        (null, null) => string.CompareOrdinal(one.Id, other.Id),
        (null, _) => 1,
        (_, null) => -1,
        ({ } slot, { } otherSlot) when slot != otherSlot => otherSlot.CompareTo(slot),
        _ when one.CreatedAt != other.CreatedAt => Nullable.Compare(other.CreatedAt, one.CreatedAt),
        _ => string.CompareOrdinal(other.Id, one.Id),
    };
}
