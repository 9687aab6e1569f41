using Automation.Outcomes;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class HealthRulesTests
{
    [Fact]
    public void Check_AllAsItShouldBe_FindsNothing() =>
        Assert.Empty(Check(Place(Home, Own(Slot)), Destination(Own(Slot, region: Away))));

    [Theory]
    [InlineData(-6, false)]
    [InlineData(-12, true)]
    public void Check_NewestGoodOne_IsOverdueAfterTwoSlots(int hours, bool overdue)
    {
        var findings = Check(Place(Home, Own(Slot.AddHours(hours)), Own(Slot, "failed")));

        Assert.Equal(overdue, findings.Exists(finding => finding is { Reason: Reasons.Overdue, Severity: Severity.Critical }));
    }

    // TakeSnapshots knows why, and another function tells.
    [Theory]
    [InlineData("/aws/lambda/rds-automation-ReconcileSnapshots", "/aws/lambda/rds-automation-TakeSnapshots")]
    [InlineData("/aws/lambda/of-somebody-else", null)]
    [InlineData(null, null)]
    public void Overdue_LogOfTakeSnapshots_IsNamedWhereItIsKnown(string? own, string? log)
    {
        var facts = new DatabaseFacts
        {
            Database = Orders(),
            Policy = Policy(),
            Home = Place(Home, Own(Slot.AddDays(-1))),
            Destinations = [],
            TakeLog = SnapshotLoading.TakeLogBeside(own),
        };

        var finding = ReconcileRules.Decide(facts, Home, [], Tags, Now).Findings.Single(one => one.Reason == Reasons.Overdue);
        var text = SnapshotsConclusions.Of(Orders(), finding).Announcement!.Text;

        Assert.Equal(log is null ? 0 : 1, text.Split('\n').Count(line => line == $"  log of TakeSnapshots: {log}"));
        Assert.DoesNotContain("STACK", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoneYetOfAnOldDatabase_IsAWarning() =>
        Assert.Equal((Reasons.Overdue, Severity.Warning), Check(Place(Home)).Select(finding => (finding.Reason, finding.Severity!.Value)).Single());

    [Fact]
    public void Check_NoneYetOfANewDatabase_IsNoNews() =>
        Assert.Empty(HealthRules.Check(Orders() with { CreatedAt = Now.AddHours(-11) }, Policy(), Place(Home), [], Now));

    [Fact]
    public void Check_FailedOneOfThisSlot_IsTold()
    {
        var failed = Own(Slot, "failed");

        Assert.Contains(Check(Place(Home, Own(Slot.AddHours(-6)), failed)), finding => finding.Reason == Reasons.SnapshotFailed && finding.About == failed.Id);
        Assert.Empty(Check(Place(Home, Own(Slot), Own(Slot.AddDays(-3), "failed"))));
    }

    [Fact]
    public void Check_NewestCopyIsOld_IsToldOfItsRegion()
    {
        var finding = Assert.Single(Check(Place(Home, Own(Slot)), Destination(Own(Slot.AddHours(-18), region: Away))));

        Assert.Equal((Reasons.CopyOverdue, Away), (finding.Reason, finding.About));
    }

    [Fact]
    public void Evidence_OfTheNewestAndOfTheOldestRegion()
    {
        var near = Destination(Own(Slot, region: Away));
        var far = near with { Region = "us-west-2", Place = Place("us-west-2", Own(Slot.AddHours(-30), region: Away)) };

        var evidence = Evidence.Of(Orders(), Own(Slot), [near, far], Now);

        Assert.Equal((TimeSpan.FromMinutes(50), TimeSpan.FromHours(31)), (evidence.Age!.Value, evidence.OffsiteAge!.Value));
        // One that cannot be read must not make the others look well.
        Assert.Null(Evidence.Of(Orders(), Own(Slot), [near, far with { Place = null }], Now).OffsiteAge);
        Assert.Equal(TimeSpan.FromDays(100), Evidence.Of(Orders(), null, [], Now).Age);
    }

    private static List<Finding> Check(Place home, params IReadOnlyList<Destination> destinations) => [.. HealthRules.Check(Orders(), Policy(), home, destinations, Now)];
}
