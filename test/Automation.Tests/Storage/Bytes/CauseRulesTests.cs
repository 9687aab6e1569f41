using Automation.Storage;
using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

public sealed class CauseRulesTests
{
    private const int Allocated = 100;

    /// <summary>Sizes in GiB of a volume of 100; growth since yesterday.</summary>
    [Theory]
    [InlineData(5, "abandoned-slot")]
    [InlineData(4, "data")]
    public void Of_InactiveSlotWithoutAnEarlierTable_CountsFromATwentieth(int retained, string code) =>
        Assert.Equal(code, Only(Quiet with { Slots = [Slot("cdc", retained * GiB)] }).Code);

    [Theory]
    [InlineData(20, 1, "abandoned-slot")]
    [InlineData(15, 1, "abandoned-slot")] // 5% would be 0.75 GiB
    [InlineData(5, 1, "abandoned-slot")]
    public void Of_SmallVolume_ASlotCountsFromOneGiB(int allocated, int retained, string code)
    {
        var just = Quiet with { Slots = [Slot("cdc", retained * GiB)] };
        var below = Quiet with { Slots = [Slot("cdc", retained * GiB - 1)] };

        Assert.Equal(code, CauseRules.Of(just, null, allocated)[0].Code);
        Assert.NotEqual(code, CauseRules.Of(below, null, allocated)[0].Code);
    }

    [Fact]
    public void Of_WalOfAnInactiveSlotGrewMost_CarriesOwnerRateAndSince()
    {
        var before = Yesterday with { Slots = [Slot("cdc", 1 * GiB, active: true)] };
        var now = Quiet.WithData(51 * GiB) with { Wal = 13 * GiB, Slots = [Slot("cdc", 12 * GiB) with { InactiveSince = Noon.AddHours(-20) }] };

        var cause = Assert.IsType<Cause.AbandonedSlot>(Only(now, before));

        Assert.Equal(("cdc", 12 * GiB, 11.0 * GiB, Noon.AddHours(-20)), (cause.Slot.Name, cause.Bytes, cause.BytesPerDay, cause.Since));
        Assert.Equal(new SlotConsumer("cdc", "debezium", "10.0.0.7") { BackendStart = Began }, cause.LastConsumer);
    }

    [Fact]
    public void Of_InactiveBeforeSeventeen_IsSinceTheEarlierTableAtLeast()
    {
        var before = Yesterday with { Slots = [Slot("cdc", 2 * GiB)] };

        Assert.Equal(before.At, Assert.IsType<Cause.AbandonedSlot>(Only(Quiet with { Wal = 13 * GiB, Slots = [Slot("cdc", 12 * GiB)] }, before)).Since);
    }

    /// <summary>A slot whose WAL is limited keeps what it keeps; what fills the volume is something else.</summary>
    [Fact]
    public void Of_DataGrewMoreThanTheSlotsWal_IsData()
    {
        var slots = new[] { Slot("cdc", 12 * GiB) };

        Assert.IsType<Cause.Data>(Only(Quiet.WithData(60 * GiB) with { Slots = slots }, Yesterday with { Slots = slots }));
    }

    /// <summary>Tables grew more, and the slot takes all the same whatever room it is given.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(null)] // made since
    public void Of_DataGrewMoreThanASlotThatGrows_IsDataAndTheSlotAndRoomIsNoCure(int? before)
    {
        var now = Quiet.WithData(60 * GiB) with { Wal = 14 * GiB, Slots = [Slot("cdc", 12 * GiB)] };
        var earlier = Yesterday with { Wal = 10 * GiB, Slots = before is { } gib ? [Slot("cdc", gib * GiB)] : [] };

        var causes = CauseRules.Of(now, earlier, Allocated);

        Assert.Equal(["data", "abandoned-slot"], causes.Select(cause => cause.Code));
        Assert.False(Diagnoses.Of(causes).Cure);
    }

    /// <summary>Two measurements of the same minute: what is there counts then.</summary>
    [Fact]
    public void Of_NothingGrewYet_IsTheSlotThatIsThere()
    {
        var slots = new[] { Slot("cdc", 12 * GiB) };

        Assert.IsType<Cause.AbandonedSlot>(Only(Quiet.WithData(50 * GiB + MiB) with { Slots = slots }, Yesterday with { At = Noon.AddMinutes(-1), Slots = slots }));
    }

    [Fact]
    public void Of_ActiveSlotFarBehind_IsLagging()
    {
        var cause = Assert.IsType<Cause.LaggingSlot>(Only(Quiet with { Slots = [Slot("cdc", 19 * GiB, active: true)] }));

        Assert.Equal(("debezium", 19 * GiB), (cause.Slot.Consumer!.Application, cause.Bytes));
    }

    [Fact]
    public void Of_LostSlot_IsNoCause() => Assert.IsType<Cause.Data>(Only(Quiet with { Slots = [Slot("cdc", null)] }));

    [Fact]
    public void Of_WalGrewAndNoSlotKeepsIt_IsUnknown() =>
        Assert.Contains("no replication slot keeps that much", Assert.IsType<Cause.Unknown>(Only(Quiet with { Wal = 12 * GiB }, Yesterday)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public void Of_LiveTemporaryFiles_CountFromATenth(int temporary, bool counts)
    {
        var causes = CauseRules.Of(Quiet with { Temporary = temporary * GiB, TemporaryUsers = [Spill(7, GiB), Spill(8, 8 * GiB)] }, null, Allocated);

        Assert.Equal(counts, causes is [Cause.RunawayTemporary { Users: [{ Pid: 8 }, ..] }]);
    }

    /// <summary>A parallel hash is in no listing: it is other, and its bytes are counted when it ends.</summary>
    [Theory]
    [InlineData(12, "runaway-temporary")]
    [InlineData(0, "unknown")]
    public void Of_OtherGrew_IsTemporaryOnlyWhenSoMuchWasWritten(int writtenGiB, string code) =>
        Assert.Equal(code, Only(Quiet.WithWritten((100 + writtenGiB) * GiB) with { Used = 75 * GiB }, Yesterday with { Used = 60 * GiB }).Code);

    /// <summary>Every night's sorts write terabytes and leave nothing.</summary>
    [Fact]
    public void Of_MuchWasWrittenAndDataGrew_IsData() =>
        Assert.IsType<Cause.Data>(Only(Quiet.WithData(60 * GiB).WithWritten(900 * GiB) with { Used = 70 * GiB }, Yesterday with { Used = 60 * GiB }));

    [Fact]
    public void Of_TemporaryFilesAndMoreData_TheOneThatGrewMoreIsFirst()
    {
        var now = Quiet.WithData(70 * GiB) with { Temporary = 12 * GiB };

        Assert.Equal(["data", "runaway-temporary"], CauseRules.Of(now, Yesterday with { Temporary = 11 * GiB }, Allocated).Select(cause => cause.Code));
        Assert.Equal("runaway-temporary", CauseRules.Of(now with { Temporary = 40 * GiB }, Yesterday, Allocated)[0].Code);
    }

    [Theory]
    [InlineData(10, null, "logs")]
    [InlineData(9, null, "data")]
    [InlineData(9, 1, "logs")] // grew most
    public void Of_Logs_CountWhenTheyAreATenthOrGrewMost(int now, int? before, string code) =>
        Assert.Equal(code, Only(Quiet with { Logs = now * GiB }, before is { } gib ? Yesterday with { Logs = gib * GiB } : null).Code);

    [Fact]
    public void Of_DeadRows_AreHeldByTheOldestThatHoldsThatDatabase()
    {
        var now = Quiet.WithData(60 * GiB) with
        {
            Relations = [Relation("orders", 40 * GiB, dead: 12 * GiB), Relation("items", 15 * GiB, dead: 1 * GiB)],
            XminHolders =
            [
                Holder(HolderKind.Backend, "1", 900_000, "etl", Noon.AddDays(-3)), // of another database
                Holder(HolderKind.SlotCatalogXmin, "cdc", 800_000), // of catalogs only
                Holder(HolderKind.Backend, "2", 700_000, "shop", Noon.AddMinutes(-2)), // no vacuum has come by since
                Holder(HolderKind.Backend, "3", 600_000, "shop", Noon.AddHours(-9)),
                Holder(HolderKind.SlotXmin, "replica", 500_000),
            ],
        };

        var cause = Assert.IsType<Cause.DeadRows>(Only(now, Yesterday));

        Assert.Equal(("3", 13 * GiB, "orders"), (cause.Holder!.Id, cause.Bytes, cause.Relations[0].Name));
    }

    [Fact]
    public void Of_DeadRowsOfACatalog_ALogicalSlotHoldsThem()
    {
        var now = Quiet with { Relations = [Relation("pg_attribute", 9 * GiB, dead: 8 * GiB, schema: "pg_catalog")], XminHolders = [Holder(HolderKind.SlotCatalogXmin, "cdc", 9)] };

        Assert.Equal("cdc", Assert.IsType<Cause.DeadRows>(Only(now)).Holder!.Id);
    }

    [Theory]
    [InlineData(12, 0, "dead-rows")]
    [InlineData(12, 11, "data")] // they were there yesterday
    [InlineData(4, 0, "data")] // less than a twentieth of the volume
    public void Of_DeadRows_MustExplainTheGrowth(int deadNow, int deadBefore, string code)
    {
        var now = Quiet.WithData(60 * GiB) with { Relations = [Relation("orders", 40 * GiB, dead: deadNow * GiB)] };

        Assert.Equal(code, Only(now, Yesterday with { Relations = [Relation("orders", 30 * GiB, dead: deadBefore * GiB)] }).Code);
    }

    [Fact]
    public void Of_DataGrew_NamesTheFastest()
    {
        var cause = Assert.IsType<Cause.Data>(Only(Quiet.WithData(58 * GiB) with { Relations = [Relation("orders", 31 * GiB), Relation("items", 22 * GiB)] }, Yesterday));

        Assert.Equal(["items", "orders"], cause.Growing.Select(one => one.Relation.Name));
        Assert.Equal(8.0 * GiB, cause.BytesPerDay);
    }

    [Fact]
    public void Of_LargeObjectsGrew_IsData()
    {
        var now = Quiet with { Databases = [new DatabaseBytes("shop", 60 * GiB, 100 * GiB, 11 * GiB), Quiet.Databases[1]] };

        Assert.Equal(10 * GiB, Assert.IsType<Cause.Data>(Only(now, Yesterday)).LargeObjects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_WalIsNotSeen_IsUnknownRatherThanData(bool compared)
    {
        var cause = Assert.IsType<Cause.Unknown>(Only(Quiet.WithData(60 * GiB) with { Wal = null }, compared ? Yesterday : null));

        Assert.Contains("(WAL)", cause.Why, StringComparison.Ordinal);
    }

    /// <summary>Unseen WAL is in other, and other grew less.</summary>
    [Fact]
    public void Of_WalIsNotSeenAndOtherGrewLess_IsData() =>
        Assert.IsType<Cause.Data>(Only(Quiet.WithData(60 * GiB) with { Wal = null, Used = 71 * GiB }, Yesterday with { Used = 60 * GiB }));

    [Fact]
    public void Of_SlotsNotSeenAndNothingToCompareWith_IsUnknown() =>
        Assert.Contains("Replication slots could not be seen", Assert.IsType<Cause.Unknown>(Only(Quiet with { Slots = null })).Why, StringComparison.Ordinal);

    /// <summary>A slot that is not seen may take all that WAL is more.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(6, null)]
    public void Of_SlotsNotSeenAndDataGrewMost_IsCuredByRoomOnlyWhenWalIsClear(int wal, bool? cure)
    {
        var causes = CauseRules.Of(Quiet.WithData(60 * GiB) with { Wal = wal * GiB, Slots = null }, Yesterday, Allocated);

        Assert.Equal("data", causes[0].Code);
        Assert.Equal(cure, Diagnoses.Of(causes).Cure);
    }

    [Fact]
    public void Of_SlotsNotSeenAndWalGrewMost_DoesNotSayThatNoSlotKeepsIt() =>
        Assert.Contains("could not be seen", Assert.IsType<Cause.Unknown>(Only(Quiet with { Wal = 12 * GiB, Slots = null }, Yesterday)).Why, StringComparison.Ordinal);

    /// <summary>A tenth of the volume: a server has some of both anyway.</summary>
    [Theory]
    [InlineData(11, 63, "WAL is 11.0 GiB")]
    [InlineData(2, 64, "11.0 GiB (other)")]
    [InlineData(9, 61, null)]
    public void Of_NothingToCompareWith_WhatIsLargeAndUnexplainedIsUnknown(int wal, int used, string? why)
    {
        var cause = Only(Quiet with { Wal = wal * GiB, Used = used * GiB });

        if (why is null) Assert.IsType<Cause.Data>(cause);
        else Assert.Contains(why, Assert.IsType<Cause.Unknown>(cause).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LogsAreLargeAndSlotsNotSeen_RoomMayBeNoCure()
    {
        var causes = CauseRules.Of(Quiet with { Logs = 12 * GiB, Slots = null }, null, Allocated);

        Assert.Equal(["logs", "unknown"], causes.Select(cause => cause.Code));
        Assert.Null(Diagnoses.Of(causes).Cure);
    }

    [Fact]
    public void Of_DeadRowsAndHoldersNotSeen_ClaimsNoHolderAndNotThatThereIsNone()
    {
        var dead = Assert.IsType<Cause.DeadRows>(Only(Quiet with { Relations = [Relation("orders", 40 * GiB, dead: 12 * GiB)], XminHolders = null }));

        Assert.Equal((null, false), (dead.Holder, dead.HoldersSeen));
    }

    /// <summary>Of a volume of 100 GiB: what is less than one of them is not worth a name beside what is more.</summary>
    [Fact]
    public void Of_Data_NamesWhatMattersAndSumsUpTheRest()
    {
        var cause = Assert.IsType<Cause.Data>(Only(Quiet with { Relations = [Relation("orders", 30 * GiB), Relation("items", GiB), Relation("users", GiB - 1), Relation("pg_proc", MiB, schema: "pg_catalog")] }));

        Assert.Equal(["orders", "items"], cause.Largest.Select(relation => relation.Name));
        Assert.Equal(18 * GiB + (8 * MiB) - (16 * 1024), cause.Rest);
        Assert.Equal("It is data. Largest: shop.public.orders (30.0 GiB), shop.public.items (1.0 GiB); all others together 18.0 GiB.", AdviceRules.Of(cause).Sentence);
    }

    [Fact]
    public void Of_DataOfManySmallTables_NamesThreeAnyway()
    {
        var cause = Assert.IsType<Cause.Data>(Only(Quiet with { Relations = [.. "abcde".Select(name => Relation($"{name}", MiB * (200 - name)))] }));

        Assert.Equal(["a", "b", "c"], cause.Largest.Select(relation => relation.Name));
    }

    [Fact]
    public void Of_DataThatGrows_SumsUpTheGrowthOfTheRest()
    {
        var before = Yesterday with { Relations = [Relation("orders", 20 * GiB), Relation("items", 14 * GiB), Relation("users", GiB)] };
        var cause = Assert.IsType<Cause.Data>(Only(Quiet.WithData(62 * GiB) with { Relations = [Relation("orders", 30 * GiB), Relation("items", 14 * GiB + MiB), Relation("users", GiB)] }, before));

        Assert.Equal(["orders"], cause.Growing.Select(one => one.Relation.Name));
        Assert.Equal(2 * GiB, cause.Rest);
        Assert.Equal("It is data, 12.0 GiB more a day. Growing fastest: shop.public.orders (+10.0 GiB, now 30.0 GiB); all others together +2.0 GiB.", AdviceRules.Of(cause).Sentence);
    }

    private static Cause Only(ByteTable now, ByteTable? earlier = null) => Assert.Single(CauseRules.Of(now, earlier, Allocated));
}
