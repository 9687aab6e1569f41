using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

/// <summary>Slots are written as "11-21 06:00" of 2026 or with their year; the id of a snapshot is its slot as written.</summary>
public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 10, 0, TimeSpan.Zero);

    private static readonly RetentionPolicy None = new() { Hourly = 0, Daily = 0, Weekly = 0, Monthly = 0, Yearly = 0, Min = 1 };

    [Fact]
    public void Plan_NoSnapshots_HasNoLines() => Assert.Empty(Plan(None).Lines);

    [Fact]
    public void Plan_OnlyOneGoodAndVeryOld_StaysWhateverThePolicySays() =>
        Expect(Plan(None, Good("2019-11-21 06:00")), "2019-11-21 06:00 stays: newest; one of the newest 1");

    [Fact]
    public void Plan_Default_SaysEveryTier() => Expect(
        Plan(new RetentionPolicy(), Good("11-21 06:00"), Good("11-21 00:00"), Good("11-20 18:00")),
        "11-21 06:00 stays: newest; hourly 1 of 8, daily 1 of 7, weekly 1 of 4, monthly 1 of 12, yearly 1 of 3",
        "11-21 00:00 stays: hourly 2 of 8",
        "11-20 18:00 stays: hourly 3 of 8, daily 2 of 7");

    [Fact]
    public void Plan_AllTiers0_KeepsTheMinimum() => Expect(
        Plan(None with { Min = 2 }, Good("11-21 06:00"), Good("11-21 00:00"), Good("11-20 18:00")),
        "11-21 06:00 stays: newest; one of the newest 2",
        "11-21 00:00 stays: one of the newest 2",
        "11-20 18:00 goes: no tier keeps it: all are 0");

    [Fact]
    public void Plan_NegativeCounts_AreTakenAs0AndMinimumAs1() => Expect(
        Plan(new RetentionPolicy { Hourly = -1, Daily = -1, Weekly = -1, Monthly = -1, Yearly = -1, Min = -1 }, Good("11-21 06:00"), Good("11-21 00:00")),
        "11-21 06:00 stays: newest; one of the newest 1",
        "11-21 00:00 goes: no tier keeps it: all are 0");

    [Fact]
    public void Plan_OlderThanATierAndSupersededInOthers_SaysBoth() => Expect(
        Plan(None with { Hourly = 1, Daily = 1, Weekly = 1, Monthly = 1 }, Good("11-21 06:00"), Good("11-21 05:00"), Good("11-19 05:00")),
        "11-21 06:00 stays: newest; hourly 1 of 1, daily 1 of 1, weekly 1 of 1, monthly 1 of 1",
        "11-21 05:00 goes: no tier keeps it: older than 1 hourly ones, a newer one stands for its day, week and month",
        "11-19 05:00 goes: no tier keeps it: older than 1 hourly and 1 daily ones, a newer one stands for its week and month");

    [Fact]
    public void Plan_Gap_AgesNothingOut() => Expect(
        Plan(None with { Daily = 2 }, Good("11-21 06:00"), Good("03-02 18:00"), Good("03-02 06:00"), Good("03-01 18:00")),
        "11-21 06:00 stays: newest; daily 1 of 2",
        "03-02 18:00 stays: daily 2 of 2",
        "03-02 06:00 goes: no tier keeps it: a newer one stands for its day",
        "03-01 18:00 goes: no tier keeps it: older than 2 daily ones");

    [Theory]
    [InlineData("hourly", "11-21 06:00", "11-21 05:59")]
    [InlineData("daily", "11-21 00:00", "11-20 23:59")]
    [InlineData("weekly", "11-16 00:00", "11-15 23:59")] // Monday
    [InlineData("weekly", "2025-12-29 00:00", "2025-12-28 23:59")] // week 1 of 2026 begins in 2025
    [InlineData("weekly", "2021-01-04 00:00", "2021-01-03 23:59")] // week 53 of 2020 ends in 2021
    [InlineData("monthly", "03-01 00:00", "02-28 23:59")]
    [InlineData("monthly", "2026-01-01 00:00", "2025-12-31 23:59")]
    [InlineData("monthly", "2026-11-01 00:00", "2025-11-30 23:59")]
    [InlineData("yearly", "2026-01-01 00:00", "2025-12-31 23:59")]
    public void Plan_BoundaryOfAPeriod_SeparatesTwo(string tier, string first, string last)
    {
        var policy = Tier(tier, 2);
        Expect(Plan(policy, Good(first), Good(last)), $"{first} stays: newest; {tier} 1 of 2", $"{last} stays: {tier} 2 of 2");
    }

    [Theory]
    [InlineData("hourly", "hour", "11-21 06:59", "11-21 06:00")]
    [InlineData("daily", "day", "11-20 23:59", "11-20 00:00")]
    [InlineData("weekly", "week", "11-15 23:59", "11-09 00:00")]
    [InlineData("weekly", "week", "2026-01-04 23:59", "2025-12-29 00:00")]
    [InlineData("weekly", "week", "2021-01-03 23:59", "2020-12-28 00:00")]
    [InlineData("monthly", "month", "2024-02-29 23:59", "2024-02-01 00:00")]
    [InlineData("yearly", "year", "2025-12-31 23:59", "2025-01-01 00:00")]
    public void Plan_WithinAPeriod_TheNewestStands(string tier, string period, string last, string first) =>
        Expect(Plan(Tier(tier, 2), Good(first), Good(last)),
            $"{last} stays: newest; {tier} 1 of 2", $"{first} goes: no tier keeps it: a newer one stands for its {period}");

    [Fact]
    public void Plan_SlotInAnotherOffset_CountsInUtc() => Expect(
        Plan(None with { Daily = 2 }, Good("11-21 06:00"), Good("11-20 23:00") with { Slot = new(2026, 11, 21, 1, 0, 0, TimeSpan.FromHours(2)) }),
        "11-21 06:00 stays: newest; daily 1 of 2",
        "11-20 23:00 stays: daily 2 of 2");

    [Fact]
    public void Plan_NotGood_StaysAndStandsForNothing() => Expect(
        Plan(None with { Daily = 1 },
            Good("11-21 06:00") with { Status = "failed" },
            Good("11-21 05:00") with { Status = "creating", CreatedAt = null },
            Good("11-21 04:00") with { IsOurs = false },
            Good("by-hand") with { Slot = null, IsOurs = false },
            Good("unreadable") with { Slot = null },
            Good("11-20 06:00"),
            Good("11-19 06:00")),
        "11-21 06:00 stays: status failed: not touched",
        "11-21 05:00 stays: status creating: not touched",
        "11-21 04:00 stays: not ours: not touched",
        "11-20 06:00 stays: newest; daily 1 of 1",
        "11-19 06:00 goes: no tier keeps it: older than 1 daily ones",
        "by-hand stays: not ours: not touched",
        "unreadable stays: slot unknown: not touched");

    [Fact]
    public void Plan_NoneGood_DeletesNothing() =>
        Assert.Empty(Plan(None, Good("11-21 06:00") with { Status = "failed" }, Good("11-20 06:00") with { Status = "copying" }).Deletions);

    [Fact]
    public void Plan_SlotUpToAnHourAhead_IsADifferenceOfClocks() => Expect(
        Plan(None, Good("11-21 08:10"), Good("11-21 08:11"), Good("11-21 06:00")),
        "11-21 08:11 stays: slot in the future: not touched",
        "11-21 08:10 stays: newest; one of the newest 1",
        "11-21 06:00 goes: no tier keeps it: all are 0");

    [Fact]
    public void Plan_HeldSharedOrBeingCopied_StaysAndStandsForItsPeriod() => Expect(
        Plan(None with { Daily = 2 },
            Good("11-21 06:00") with { Held = true },
            Good("11-20 06:00") with { Shared = true },
            Good("11-20 05:00") with { CopyInFlight = true },
            Good("11-19 06:00") with { Held = true, Shared = true, CopyInFlight = true },
            Good("11-18 06:00")),
        "11-21 06:00 stays: newest; held by tag; daily 1 of 2",
        "11-20 06:00 stays: shared with another account; daily 2 of 2",
        "11-20 05:00 stays: being copied",
        "11-19 06:00 stays: held by tag; shared with another account; being copied",
        "11-18 06:00 goes: no tier keeps it: older than 2 daily ones");

    [Fact]
    public void Plan_OldSlotMadeLast_StaysAsTheBaseOfTheNextCopy() => Expect(
        Plan(None, Good("11-21 06:00"), Good("11-20 06:00"), Good("11-19 06:00") with { CreatedAt = Now }),
        "11-21 06:00 stays: newest; one of the newest 1",
        "11-20 06:00 goes: no tier keeps it: all are 0",
        "11-19 06:00 stays: made last");

    [Fact]
    public void Plan_WhenMadeIsUnknown_NeverMadeLastWhereAnotherIsKnown() => Expect(
        Plan(None, Good("11-21 06:00") with { CreatedAt = null }, Good("11-20 06:00") with { CreatedAt = null }, Good("11-19 06:00")),
        "11-21 06:00 stays: newest; one of the newest 1",
        "11-20 06:00 goes: no tier keeps it: all are 0",
        "11-19 06:00 stays: made last");

    [Fact]
    public void Plan_SlotTakenTwice_TheLaterMadeStandsThenTheGreaterId()
    {
        var slot = Slot("11-21 06:00");
        var (first, second) = (Good("11-21 06:00") with { Id = "z" }, Good("11-21 06:00") with { Id = "a", CreatedAt = slot.AddHours(1) });
        Expect(Plan(None, first, second), "a stays: newest; one of the newest 1", "z goes: no tier keeps it: all are 0");

        var (one, other) = (first with { Id = "auto-orders-20261121-0600" }, first with { Id = "auto-orders-20261121-0600-2" });
        Expect(Plan(None, one, other), $"{other.Id} stays: newest; one of the newest 1", $"{one.Id} goes: no tier keeps it: all are 0");
    }

    [Fact]
    public void Plan_ListedTwice_NeitherEntryIsTouchedNorCounts() => Expect(
        Plan(None, Good("11-21 06:00"), Good("11-20 06:00"), Good("11-20 06:00") with { Slot = Slot("11-21 05:00") }, Good("11-19 06:00")),
        "11-21 06:00 stays: newest; one of the newest 1",
        "11-20 06:00 stays: listed more than once: not touched",
        "11-20 06:00 stays: listed more than once: not touched",
        "11-19 06:00 goes: no tier keeps it: all are 0");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(int.MinValue, 0)]
    public void Plan_Cap_TakesTheOldestAndSaysSo(int cap, int applied)
    {
        var plan = RetentionRules.Plan([Good("11-20 06:00"), Good("11-19 06:00"), Good("11-21 06:00")], None, Now, cap);

        Expect(plan,
            "11-21 06:00 stays: newest; one of the newest 1",
            $"11-20 06:00 stays: over the {applied} deletions of one run",
            applied == 1 ? "11-19 06:00 goes: no tier keeps it: all are 0" : "11-19 06:00 stays: over the 0 deletions of one run");
    }

    [Fact]
    public void Plan_EndsOfTime_AreNoCrash()
    {
        var ends = new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue };
        foreach (var now in ends)
        {
            var plan = RetentionRules.Plan([.. ends.Select((slot, i) => Good("11-21 06:00") with { Id = $"{i}", Slot = slot })], new RetentionPolicy(), now, 10);
            Assert.Equal(2, plan.Kept.Count());
        }
    }

    private static RetentionPlan Plan(RetentionPolicy policy, params RetentionItem[] items) => RetentionRules.Plan(items, policy, Now, int.MaxValue);

    private static void Expect(RetentionPlan plan, params string[] lines) =>
        Assert.Equal(lines, plan.Lines.Select(line => $"{line.Id} {(line.Delete ? "goes" : "stays")}: {line.Why}"));

    private static RetentionPolicy Tier(string name, int count) => name switch
    {
        "hourly" => None with { Hourly = count },
        "daily" => None with { Daily = count },
        "weekly" => None with { Weekly = count },
        "monthly" => None with { Monthly = count },
        "yearly" => None with { Yearly = count },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static RetentionItem Good(string slot) => new()
    {
        Id = slot,
        Status = "available",
        IsOurs = true,
        Slot = char.IsAsciiDigit(slot[0]) ? Slot(slot) : null,
        CreatedAt = char.IsAsciiDigit(slot[0]) ? Slot(slot).AddMinutes(4) : null,
    };

    private static DateTimeOffset Slot(string text) => DateTimeOffset.ParseExact(
        text.Length == "11-21 06:00".Length ? $"2026-{text}" : text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
