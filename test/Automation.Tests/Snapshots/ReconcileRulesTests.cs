using Automation.Fleet;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class ReconcileRulesTests
{
    private const string Partner = "111122223333";

    private static CopyDecision Copy(OwnSnapshot? source, Destination destination) => CopyRules.Decide(Orders(), Home, source, destination, Tags, Now);

    private static string Reason(CopyDecision decision) => Assert.IsType<CopyDecision.Refused>(decision).Finding.Reason;

    [Fact]
    public void Copy_NoSource_IsUpToDate() => Assert.IsType<CopyDecision.UpToDate>(Copy(null, Destination()));

    [Fact]
    public void Copy_DestinationHasTheSlot_IsUpToDate() => Assert.IsType<CopyDecision.UpToDate>(Copy(Own(Slot), Destination(Own(Slot, region: Away))));

    [Fact]
    public void Copy_DestinationHasAnOlderOne_StartsUnderTheNameOfTheSlot()
    {
        var start = Assert.IsType<CopyDecision.Start>(Copy(Own(Slot), Destination(Own(Slot.AddHours(-6), region: Away))));
        Assert.Equal(("auto-orders-20261121-0600-eu-central-1", Own(Slot).Snapshot.Arn, Home), (start.Order.Id, start.Order.SourceArn, start.Order.SourceRegion));
        Assert.Equal(("2026-11-21T07:00:00Z", start.Order.SourceArn), (start.Order.Tags["automation:begun"], start.Order.Tags["automation:copy-of"]));
    }

    [Fact]
    public void Copy_AnotherIsOnItsWay_Waits() => Assert.IsType<CopyDecision.Underway>(Copy(Own(Slot), Destination(Own(Slot.AddHours(-6), "copying", region: Away))));

    [Fact]
    public void Copy_OneFailed_TakesTheNextName() =>
        Assert.EndsWith("-eu-central-1-2", Assert.IsType<CopyDecision.Start>(Copy(Own(Slot), Destination(Own(Slot, "failed", region: Away)))).Order.Id, StringComparison.Ordinal);

    [Fact]
    public void Copy_EveryNameFailed_IsRefused() =>
        Assert.Equal("copy-failed", Reason(Copy(Own(Slot), Destination([.. Enumerable.Range(1, 3).Select(attempt => Own(Slot, "failed", attempt, Away))]))));

    [Fact]
    public void Copy_RegionUnreadable_IsRefused() => Assert.Equal("destination-unreadable", Reason(Copy(Own(Slot), new(Away, null, new CopyKey.Missing(), "AccessDenied"))));

    [Fact]
    public void Copy_KeyMissingOrUnusable_IsRefused()
    {
        Assert.Equal("key-missing", Reason(Copy(Own(Slot), Destination() with { Key = new CopyKey.Missing() })));
        Assert.Equal("key-unusable", Reason(Copy(Own(Slot), Destination() with { Key = new CopyKey.Unusable("is in state Disabled") })));
    }

    [Fact]
    public void Copy_SourceNotEncrypted_NeedsNoKey()
    {
        var source = Tags.Read(Snapshot(Slot) with { Encrypted = false, KmsKeyId = null });
        Assert.Null(Assert.IsType<CopyDecision.Start>(Copy(source, Destination() with { Key = new CopyKey.Missing() })).Order.KmsKeyId);
    }

    [Theory]
    [InlineData(20, 0, 20)]
    [InlineData(20, 18, 2)]
    [InlineData(20, 25, 0)]
    public void Admit_LimitAndOthersUnderway_OldestCopiesFirst(int asking, int underway, int admitted)
    {
        var requests = Enumerable.Range(0, asking + 1).Select(i => new CopyQueue.Request($"db-{i:00}", Away, DatabaseKind.Instance, i == asking ? null : Slot.AddHours(-i))).ToList();
        var let = CopyQueue.Admit(requests, (_, _) => underway);
        Assert.Equal(admitted, let.Count);
        Assert.True(admitted == 0 || (let.Contains(requests[^1]) && !let.Contains(requests[0])));
    }

    /// <summary>Whoever runs the stack takes an account back: nothing stays shared with it.</summary>
    [Fact]
    public void Decide_AccountNoLongerAllowed_ShareEnds()
    {
        var shared = Snapshot(Slot);
        var own = Tags.Read(shared with { Tags = new Dictionary<string, string>(shared.Tags) { ["automation:shared-with"] = Partner } })!;
        var facts = new DatabaseFacts { Database = Orders(), Policy = Policy("copy=" + Partner), Home = Place(Home, own), Destinations = [] };
        Assert.Empty(ReconcileRules.Decide(facts, Home, [Partner], Tags, Now).Shares);
        Assert.Equal([new ShareChange(own, Partner, false)], ReconcileRules.Decide(facts, Home, [], Tags, Now).Shares);
    }

    [Fact]
    public void Check_CopyOfAnOldSlotWasJustBegun_IsNotStuck()
    {
        var copy = Own(Slot.AddDays(-3), "copying", region: Away, begun: Now.AddHours(-1));
        Assert.DoesNotContain(HealthRules.Check(Orders(), Policy("every=7d"), Place(Home, Own(Slot.AddDays(-3))), [Destination(copy)], Now), finding => finding.Reason == "copy-stuck");
        Assert.Contains(HealthRules.Check(Orders(), Policy("every=7d"), Place(Home, Own(Slot.AddDays(-3))), [Destination(copy)], Now.AddHours(24)), finding => finding.Reason == "copy-stuck");
    }

    private const string Least = "every=6h hourly=0 daily=0 weekly=0 monthly=0 yearly=0 min=1";

    private static ReconcilePlan Plan(string tag, Place home, params IReadOnlyList<Destination> destinations) => ReconcileRules.Decide(
        new DatabaseFacts { Database = Orders(), Policy = Policy(tag), Home = home, Destinations = destinations }, Home, [], Tags, Now);

    private static readonly OwnSnapshot Newer = Own(Slot), Older = Own(Slot.AddHours(-6)), Oldest = Own(Slot.AddHours(-12));

    private static IEnumerable<string> Deleted(ReconcilePlan plan) => plan.Deletions.Select(deletion => $"{deletion.Region} {deletion.Snapshot.Id}").Order(StringComparer.Ordinal);

    [Fact]
    public void Decide_NothingKeepsThem_OlderOnesGo() => Assert.Equal([$"{Home} {Oldest.Id}", $"{Home} {Older.Id}"], Deleted(Plan(Least, Place(Home, Newer, Older, Oldest))));

    [Fact]
    public void Decide_CopyOnItsWay_ItsSourceStays() => Assert.Equal([$"{Home} {Oldest.Id}"],
        Deleted(Plan(Least + " copy=" + Away, Place(Home, Newer, Older, Oldest), Destination(Own(Slot.AddHours(-6), "copying", region: Away)))));

    [Fact]
    public void Decide_PersonsCopyOnItsWay_ItsSourceStays()
    {
        var copy = Snapshot(Slot, "copying") with { Id = "mine", Tags = new Dictionary<string, string>(), SourceArn = Older.Snapshot.Arn };
        Assert.Equal([$"{Home} {Oldest.Id}"], Deleted(Plan(Least, Place(Home, Newer, Older, Oldest) with { Others = [copy] })));
    }

    /// <summary>RDS tells the source of an instance's snapshot only where it is of another Region or account.</summary>
    [Theory]
    [InlineData("copying", 0)]
    [InlineData("creating", 0)]
    [InlineData("available", 2)]
    public void Decide_PersonsSnapshotOfUnknownSource_NothingGoesUntilItIsDone(string status, int deletions)
    {
        var copy = Snapshot(Slot, status) with { Id = "mine", Tags = new Dictionary<string, string>(), SourceArn = null };
        Assert.Equal(deletions, Plan(Least, Place(Home, Newer, Older, Oldest) with { Others = [copy] }).Deletions.Count());
    }

    [Fact]
    public void Decide_DestinationUnreadable_NothingGoesAtHome() => Assert.Empty(Deleted(
        Plan(Least + " copy=" + Away, Place(Home, Newer, Older, Oldest), new Destination(Away, null, new CopyKey.Missing(), "AccessDenied"))));

    [Fact]
    public void Decide_HeldOrShared_Stays()
    {
        static OwnSnapshot With(OwnSnapshot own, string key, string value) =>
            Tags.Read(own.Snapshot with { Tags = new Dictionary<string, string>(own.Snapshot.Tags) { [key] = value } })!;

        Assert.Empty(Deleted(Plan(Least, Place(Home, Newer, With(Older, "automation:hold", ""), With(Oldest, "automation:shared-with", Partner)))));
    }
}
