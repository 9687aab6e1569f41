using Automation.Fleet;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class DueRulesTests
{
    private const string First = "auto-orders-20261121-0600";

    private static DueDecision Decide(RdsDatabase database, string tag, DateTimeOffset now, params IReadOnlyList<OwnSnapshot> own) =>
        DueRules.Decide(database, Policy(tag), own, id => own.Any(snapshot => snapshot.Id == id), now);

    [Fact]
    public void Decide_SlotHasItsSnapshot_IsSatisfied() => Assert.Equal(new DueDecision.Satisfied(First), Decide(Orders(), "", Now, Own(Slot)));

    [Fact]
    public void Decide_SnapshotIsBeingMade_IsUnderway() => Assert.Equal(new DueDecision.Underway(First), Decide(Orders(), "", Now, Own(Slot, "creating")));

    [Fact]
    public void Decide_SnapshotFailed_TakesTheNextName() => Assert.Equal(new DueDecision.Take(Slot, First + "-2"), Decide(Orders(), "", Now, Own(Slot, "failed")));

    [Fact]
    public void Decide_EveryNameFailed_GivesUp() =>
        Assert.IsType<DueDecision.GivenUp>(Decide(Orders(), "", Now, Own(Slot, "failed"), Own(Slot, "failed", 2), Own(Slot, "failed", 3)));

    /// <summary>Failed snapshots stay and count in the quota: a database whose snapshots go on failing is tried less.</summary>
    [Fact]
    public void Decide_AnEarlierSlotFailedLately_TriesOnce()
    {
        var earlier = Own(Slot.AddHours(-6), "failed");
        Assert.Equal(new DueDecision.Take(Slot, First), Decide(Orders(), "", Now, earlier));
        Assert.IsType<DueDecision.GivenUp>(Decide(Orders(), "", Now, earlier, Own(Slot, "failed")));
        Assert.Equal(new DueDecision.Take(Slot, First + "-2"), Decide(Orders(), "", Now, Own(Now.AddDays(-3), "failed"), Own(Slot, "failed")));
    }

    [Fact]
    public void Decide_OneTryAndItsNameIsAForeignSnapshots_TakesTheNextName() => Assert.Equal(
        new DueDecision.Take(Slot, First + "-2"), DueRules.Decide(Orders(), Policy(), [Own(Slot.AddHours(-6), "failed")], id => id == First, Now));

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void Decide_ManyFailedWithinThreeDays_GivesUp(int failures, bool takes) => Assert.Equal(takes,
        Decide(Orders(), "", Now, [.. Enumerable.Range(1, failures).Select(slots => Own(Slot.AddHours(-6 * slots), "failed"))]) is DueDecision.Take);

    [Fact]
    public void Decide_ManyFailedAndNoneForADay_FindsOutWhetherItIsOver() => Assert.IsType<DueDecision.Take>(
        Decide(Orders(), "", Now, [.. Enumerable.Range(25, 12).Select(hours => Own(Now.AddHours(-hours), "failed"))]));

    [Fact]
    public void Decide_ManyFailedMoreThanThreeDaysAgo_TakesAgain() => Assert.IsType<DueDecision.Take>(
        Decide(Orders(), "", Now, [.. Enumerable.Range(0, 12).Select(slots => Own(Now.AddDays(-3).AddHours(-6 * slots), "failed"))]));

    [Fact]
    public void Decide_ManySlotsWereMissed_TakesOne() => Assert.Equal(new DueDecision.Take(Slot, First), Decide(Orders(), "", Now, Own(Slot - TimeSpan.FromDays(3))));

    [Fact]
    public void Decide_NameIsAForeignSnapshots_TakesTheNextName() =>
        Assert.Equal(new DueDecision.Take(Slot, First + "-2"), DueRules.Decide(Orders(), Policy(), [], id => id == First, Now));

    /// <summary>A database that was stopped until the afternoon gets the day's snapshot late, and one only.</summary>
    [Fact]
    public void Decide_BegunLateInALongSlot_IsUnderwayAndNotStuck()
    {
        var (midnight, afternoon) = (Now.AddHours(-7), Now.AddHours(8));
        Assert.IsType<DueDecision.Underway>(Decide(Orders(), "every=1d", afternoon, Own(midnight, "creating", begun: afternoon.AddMinutes(-15))));
    }

    [Fact]
    public void Decide_InTheMakingForMoreThanTwelveHours_TakesTheNextName()
    {
        var midnight = Now.AddHours(-7);
        Assert.IsType<DueDecision.Underway>(Decide(Orders(), "every=1d", midnight.AddHours(12), Own(midnight, "creating")));
        Assert.IsType<DueDecision.Take>(Decide(Orders(), "every=1d", midnight.AddHours(12).AddSeconds(1), Own(midnight, "creating")));
    }

    [Theory]
    [InlineData(DatabaseKind.Instance, "available", true)]
    [InlineData(DatabaseKind.Instance, "storage-optimization", true)]
    [InlineData(DatabaseKind.Cluster, "available", true)]
    [InlineData(DatabaseKind.Cluster, "storage-optimization", false)]
    [InlineData(DatabaseKind.Instance, "stopped", false)]
    [InlineData(DatabaseKind.Instance, "backing-up", false)]
    public void Decide_Status_TakesOnlyWhereRdsDoes(object kind, string status, bool takes) =>
        Assert.Equal(takes, Decide(Orders(kind: (DatabaseKind)kind, status: status), "", Now) is DueDecision.Take);
}
