using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

/// <summary>Retention comes to the same end on any way, and keeps exactly what the policy says.</summary>
public sealed class RetentionStabilityProperties
{
    [Fact]
    public void Plan_AfterItWasCarriedOut_DeletesNothing() => Histories.Check(Histories.Any, history =>
        history.Executed().Deleted().Count == 0);

    [Fact]
    public void Plan_CappedAndRepeated_EndsAsUncapped() => Histories.Check(Histories.Any, history =>
    {
        var cap = (history.Salt % 7) + 1;
        var (before, after) = (history, history.Executed(cap));
        while (after.Items.Count < before.Items.Count) (before, after) = (after, after.Executed(cap));
        return after.Items.SequenceEqual(history.Executed().Items);
    });

    [Fact]
    public void Plan_InputInAnotherOrder_IsTheSame() => Histories.Check(Histories.Any, history =>
    {
        var shuffled = history.Items.ToArray();
        new Random(history.Salt).Shuffle(shuffled);
        var cap = history.Salt % 6;
        return (history with { Items = shuffled }).Plan(cap).Lines.SequenceEqual(history.Plan(cap).Lines);
    });

    [Fact]
    public void Plan_RaisedPolicy_NeverDeletesMore() => Histories.Check(Histories.Any, history =>
        Raised(history).Deleted().IsSubsetOf(history.Deleted()));

    [Fact]
    public void Plan_PolicyRaisedLater_KeepsWhatIsLeft() => Histories.Check(Histories.Any, history =>
        Raised(history.Executed()).Deleted().Count == 0);

    [Fact]
    public void Plan_PolicyLoweredInSteps_EndsAsLoweredAtOnce() => Histories.Check(Histories.Any, history =>
        (Raised(history).Executed() with { Policy = history.Policy }).Executed().Items.SequenceEqual(history.Executed().Items));

    [Fact]
    public void Plan_NoNewSnapshotForYears_DeletesNothingMore() => Histories.Check(Histories.Any, history =>
    {
        var past = history with { Items = [.. history.Items.Where(item => item.Slot is null || item.Slot <= history.Now)] };
        return (past with { Now = past.Now.AddYears(9) }).Deleted().SetEquals(past.Deleted());
    });

    [Fact]
    public void Plan_PureHistory_KeepsNoMoreThanTheBound() => Histories.Check(Histories.Pure, history =>
        history.Plan().Kept.Count() < QuotaRules.Bound(history.Policy));

    [Fact]
    public void Plan_AnyHistory_IsTheNaiveRule() => Histories.Check(Histories.Any, history =>
    {
        var kept = KeptNaively(history);
        var free = history.Good.Where(item => item is { Held: false, Shared: false, CopyInFlight: false }).Select(item => item.Id);
        return history.Deleted().SetEquals(free.Except(kept));
    });

    [Fact]
    public void Plan_AnyHistory_HasALineForEach_NewestFirst() => Histories.Check(Histories.Any, history =>
    {
        var byId = history.Items.ToLookup(item => item.Id);
        var ids = history.Plan().Lines.Select(line => line.Id).ToList();
        // The order of entries of one id cannot be told.
        var slots = ids.Where(id => byId[id].Count() == 1).Select(id => byId[id].Single().Slot ?? DateTimeOffset.MinValue).ToList();
        return slots.SequenceEqual(slots.OrderDescending())
            && ids.Order(StringComparer.Ordinal).SequenceEqual(history.Items.Select(item => item.Id).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Histories_ManyOfThem_ShowEveryVerdict()
    {
        HashSet<string> words = [];
        Histories.Check(Histories.Any, history =>
        {
            words.UnionWith(history.Plan(3).Lines.Select(line => line.Why));
            return true;
        });

        string[] phrases =
        [
            "newest; ", "made last", "held by tag", "shared with another account", "being copied", "hourly 1", "daily 2", "weekly 3", "monthly 4",
            "yearly 2", "one of the newest", "no tier keeps it: all are 0", "no tier keeps it: older", "no tier keeps it: a newer", "over the 3",
            "not ours", "slot unknown", "slot in the future", "status failed", "status creating", "listed more than once",
        ];
        Assert.DoesNotContain(phrases, phrase => !words.Any(why => why.Contains(phrase, StringComparison.Ordinal)));
    }

    private static History Raised(History history)
    {
        var (policy, by) = (history.Policy, history.Salt);
        return history with
        {
            Policy = new RetentionPolicy
            {
                Hourly = policy.Hourly + (by & 1),
                Daily = policy.Daily + (by >> 1 & 1),
                Weekly = policy.Weekly + (by >> 2 & 1),
                Monthly = policy.Monthly + (by >> 3 & 1),
                Yearly = policy.Yearly + (by >> 4 & 1),
                Min = policy.Min + (by >> 5 & 1),
            },
        };
    }

    /// <summary>The rule as one would say it, with the calendar as one would write it.</summary>
    private static HashSet<string> KeptNaively(History history)
    {
        var (good, policy) = (history.Good, history.Policy);
        IEnumerable<string> Newest(int count, Func<DateTime, string> period) =>
            good.GroupBy(item => period(item.Slot!.Value.UtcDateTime)).Take(count).Select(entries => entries.First().Id);
        static Func<DateTime, string> As(string format) => time => time.ToString(format, CultureInfo.InvariantCulture);

        return
        [
            .. good.Take(policy.Min).Select(item => item.Id),
            .. good.OrderByDescending(item => item.CreatedAt).Take(1).Select(item => item.Id),
            .. Newest(policy.Hourly, As("yyyy-MM-dd HH")),
            .. Newest(policy.Daily, As("yyyy-MM-dd")),
            .. Newest(policy.Weekly, time => $"{ISOWeek.GetYear(time)}-W{ISOWeek.GetWeekOfYear(time)}"),
            .. Newest(policy.Monthly, As("yyyy-MM")),
            .. Newest(policy.Yearly, As("yyyy")),
        ];
    }
}
