using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

public sealed class GrowthRulesTests
{
    [Fact]
    public void Between_TwoDays_TellsRatesPerDayFastestFirst()
    {
        var now = Quiet.WithData(54 * GiB) with { Wal = 10 * GiB, Logs = GiB / 2 };

        var growth = GrowthRules.Between(Quiet with { At = Noon.AddDays(-2) }, now)!;

        Assert.Equal(
            [new(BytePart.Wal, 8 * GiB, 4.0 * GiB), new(BytePart.Relations, 4 * GiB, 2.0 * GiB), new(BytePart.Temporary, 0, 0), new(BytePart.LargeObjects, 0, 0), new(BytePart.Logs, -GiB / 2, -GiB / 4.0)],
            growth.Parts);
        Assert.Equal([BytePart.Other], growth.Unseen);
        Assert.Equal(12 * GiB, growth.Grown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Between_NotLater_IsNothing(int days) => Assert.Null(GrowthRules.Between(Quiet, Quiet with { At = Noon.AddDays(days) }));

    [Fact]
    public void Between_UsedIsKnown_OtherGrowsToo()
    {
        var growth = GrowthRules.Between(Yesterday with { Used = 60 * GiB }, Quiet with { Used = 63 * GiB })!;

        Assert.Equal(3 * GiB, growth.Of(BytePart.Other));
        Assert.Empty(growth.Unseen);
    }

    /// <summary>Yesterday nobody saw WAL: that it is seen today is no growth of WAL, nor a loss of other.</summary>
    [Fact]
    public void Between_APartCameIntoSight_IsNoGrowth()
    {
        var growth = GrowthRules.Between(Yesterday with { Used = 60 * GiB, Wal = null }, Quiet with { Used = 60 * GiB })!;

        Assert.Null(growth.Of(BytePart.Wal));
        Assert.Equal(0, growth.Of(BytePart.Other));
        Assert.Equal(0, growth.Grown);
    }

    [Fact]
    public void Between_ADatabaseCameIntoSightOrIsEnteredNow_IsNoGrowth()
    {
        var before = Yesterday with { Databases = [new("shop", 50 * GiB, null), new("etl", null, null)] };
        var now = Quiet with { Databases = [new("shop", 50 * GiB, null, 20 * GiB), new("etl", 9 * GiB, null)] };

        var growth = GrowthRules.Between(before, now)!;

        Assert.Equal(0, growth.Of(BytePart.Relations));
        Assert.Null(growth.Of(BytePart.LargeObjects));
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(1, 0)]
    public void Between_ADatabaseIsNew_IsGrowthUnlessItMayHaveBeenLeftOut(int leftOut, int grownGiB)
    {
        var now = Quiet with { Databases = [.. Quiet.Databases, new("new", 7 * GiB, null)] };

        Assert.Equal(grownGiB * GiB, GrowthRules.Between(Yesterday with { DatabasesLeftOut = leftOut }, now)!.Of(BytePart.Relations));
    }

    [Fact]
    public void Between_Relations_AreTheFastestFirstAndUnlistedOnesAtLeast()
    {
        var now = Quiet with { Relations = [Relation("orders", 31 * GiB), Relation("items", 20 * GiB), Relation("fresh", 3 * GiB), Relation("elsewhere", 90 * GiB, database: "etl")] };

        var growth = GrowthRules.Between(Yesterday, now)!;

        Assert.Equal([("items", 5 * GiB, false), ("fresh", 2 * GiB, true), ("orders", 1 * GiB, false)], growth.Relations.Select(one => (one.Relation.Name, one.Bytes, one.AtLeast)));
    }

    [Fact]
    public void Between_Slots_ALostOneHasNoGrowth()
    {
        var before = Yesterday with { Slots = [Slot("a", 1 * GiB), Slot("b", 30 * GiB)] };
        var now = Quiet with { Slots = [Slot("a", 2 * GiB), Slot("b", null), Slot("new", 5 * GiB)] };

        Assert.Equal([("new", 5 * GiB), ("a", 1 * GiB)], GrowthRules.Between(before, now)!.Slots.Select(one => (one.Slot.Name, one.Bytes)));
    }

    /// <summary>Then nobody saw them: that they are seen now is no growth.</summary>
    [Fact]
    public void Between_SlotsCameIntoSight_IsNoGrowth() =>
        Assert.Empty(GrowthRules.Between(Yesterday with { Slots = null }, Quiet with { Slots = [Slot("cdc", 5 * GiB)] })!.Slots);

    [Theory]
    [InlineData(100, 130, 30)]
    [InlineData(100, 12, 12)] // the statistics began anew
    public void Between_TemporaryWritten_SurvivesAReset(int before, int now, int written) =>
        Assert.Equal(written * GiB, GrowthRules.Between(Yesterday.WithWritten(before * GiB), Quiet.WithWritten(now * GiB))!.TemporaryWritten);
}
