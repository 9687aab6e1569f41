using System.Globalization;
using System.Text;
using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

public sealed class ByteTableJsonTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameTable()
    {
        var table = Quiet with
        {
            Used = 60 * GiB,
            InRecovery = true,
            Logs = null,
            Databases = [.. Quiet.Databases, new("hidden", null, null)],
            Slots = [Slot("cdc", 12 * GiB, active: true) with { InactiveSince = Noon, InvalidationReason = "wal_removed", SafeWalBytes = 5, XminAge = 3, CatalogXminAge = 4 }, Slot("lost", null)],
            TemporaryUsers = [Spill(7, GiB)],
            XminHolders = [Holder(HolderKind.PreparedTransaction, "gid", 9, "shop", Noon)],
            Blind = ["Not seen: the logs."],
        };

        Assert.Equivalent(table, ByteTableJson.Read(ByteTableJson.Write(table)), strict: true);
    }

    /// <summary>Not seen must not become none.</summary>
    [Fact]
    public void Read_SlotsAndHoldersNotSeen_AreStillNotSeen()
    {
        var table = ByteTableJson.Read(ByteTableJson.Write(Quiet with { Slots = null, XminHolders = null }))!;

        Assert.Null(table.Slots);
        Assert.Null(table.XminHolders);
    }

    [Fact]
    public void Write_TooMuchForTheLedger_LeavesOutTheSmallestRelations()
    {
        var relations = Enumerable.Range(1, 60).Select(number => Relation(Wide(number), number * GiB)).ToList();

        var json = ByteTableJson.Write(Quiet with { Relations = relations });

        Assert.InRange(Encoding.UTF8.GetByteCount(json), ByteTableJson.Longest * 3 / 4, ByteTableJson.Longest);
        var kept = ByteTableJson.Read(json)!;
        Assert.Equal(relations.AsEnumerable().Reverse().Take(kept.Relations.Count), kept.Relations);
        Assert.Equal(Quiet.Databases, kept.Databases);
    }

    /// <summary>Which database was left out is not known any more, so no comparison may take one for new.</summary>
    [Fact]
    public void Write_AThousandDatabases_KeepsTheLargestAndSaysHowManyAreLeftOut()
    {
        var table = Quiet with { Databases = [.. Enumerable.Range(1, 1000).Select(number => new DatabaseBytes(Wide(number), number * MiB, 0))], Slots = [Slot("cdc", GiB)] };

        var kept = ByteTableJson.Read(ByteTableJson.Write(table))!;

        Assert.Equal(1000, kept.Databases.Count + kept.DatabasesLeftOut);
        Assert.Equal(1000 * MiB, kept.Databases[0].Bytes);
        Assert.Equal("cdc", kept.Slots!.Single().Name);
        Assert.Equal(0, GrowthRules.Between(kept, table with { At = Noon.AddDays(1) })!.Of(BytePart.Relations));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"at\":\"2026-11-21T12:00:00+00:00\",...")]
    public void Read_NotATable_IsNothing(string? json) => Assert.Null(ByteTableJson.Read(json));

    // Every letter takes six bytes in JSON.
    private static string Wide(int number) => string.Create(CultureInfo.InvariantCulture, $"{new string('ä', 29)}{number:0000}");
}
