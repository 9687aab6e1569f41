namespace Automation.Tests.Snapshots;

/// <summary>What retention never does, whatever the snapshots are and whatever the policy says.</summary>
public sealed class RetentionSafetyProperties
{
    [Fact]
    public void Plan_AnyHistory_KeepsTheNewestGood() => Histories.Check(Histories.Any, history =>
        history.Good is not [var newest, ..] || !history.Deleted().Contains(newest.Id));

    [Fact]
    public void Plan_AnyHistory_KeepsTheGoodOneMadeLast() => Histories.Check(Histories.Any, history =>
        history.Good.MaxBy(item => item.CreatedAt ?? DateTimeOffset.MinValue) is not { } last || !history.Deleted().Contains(last.Id));

    [Fact]
    public void Plan_AnyHistory_KeepsTheMinimumOfNewestGood() => Histories.Check(Histories.Any, history =>
        !history.Good.Take(history.Policy.Min).Any(item => history.Deleted().Contains(item.Id)));

    [Fact]
    public void Plan_AnyHistory_TouchesOnlyWhatIsOursAndFree() => Histories.Check(Histories.Any, history =>
    {
        var deleted = history.Deleted();
        return history.Items.Where(item => deleted.Contains(item.Id)).All(item => item
            is { IsOurs: true, Status: "available", Slot: not null, Held: false, Shared: false, CopyInFlight: false }
            && item.Slot <= history.Now.AddHours(1));
    });

    [Fact]
    public void Plan_AnyHistory_DeletesOnlyWhatHasANewerGoodOneThatStays() => Histories.Check(Histories.Any, history =>
    {
        var deleted = history.Deleted();
        var stays = history.Good.Where(item => !deleted.Contains(item.Id)).Select(item => item.Slot).ToList();
        return history.Items.Where(item => deleted.Contains(item.Id)).All(item => stays.Exists(slot => slot >= item.Slot));
    });

    [Fact]
    public void Plan_AnyHistory_DeletesNoneThatIsListedTwice() => Histories.Check(Histories.Any, history =>
    {
        var deleted = history.Deleted();
        return history.Items.GroupBy(item => item.Id).All(entries => entries.Count() == 1 || !deleted.Contains(entries.Key));
    });

    [Fact]
    public void Plan_AnyCap_IsKept() => Histories.Check(Histories.Any, history =>
        history.Plan(Cap(history)).Deletions.Count() <= Cap(history));

    [Fact]
    public void Plan_AnyCap_TakesTheOldest() => Histories.Check(Histories.Any, history =>
    {
        // Of the slot that the cap cuts through, any may stay.
        var capped = history.Deleted(Cap(history));
        var spared = history.Deleted().Except(capped).ToHashSet();
        return spared.Count == 0 || capped.Count == Cap(history) && Oldest(history, spared) >= Newest(history, capped);
    });

    /// <summary>Five and fewer; none too.</summary>
    private static int Cap(History history) => history.Salt % 6;

    private static DateTimeOffset Oldest(History history, HashSet<string> ids) =>
        history.Items.Where(item => ids.Contains(item.Id)).Min(item => item.Slot!.Value);

    private static DateTimeOffset Newest(History history, HashSet<string> ids) =>
        history.Items.Where(item => ids.Contains(item.Id)).Select(item => item.Slot!.Value).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
}
