using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

public sealed class ByteRulesTests
{
    [Fact]
    public void Compose_EverythingSeen_CountsLargeObjectsOnceAndTheRestAsOther()
    {
        var parts = ByteRules.Compose(Quiet, 60 * GiB);

        Assert.Equal(49 * GiB + 8 * MiB - 16 * 1024, parts.Relations);
        Assert.Equal(1 * GiB + 16 * 1024, parts.LargeObjects);
        Assert.Equal((2 * GiB, 0, 1 * GiB), (parts.Wal, parts.Temporary, parts.Logs));
        Assert.Equal(60 * GiB - 53 * GiB - 8 * MiB, parts.Other);
        Assert.Equal(60 * GiB, parts.Used);
        Assert.Empty(parts.Unseen);
    }

    [Fact]
    public void Compose_WalUnseen_IsInOtherAndSaid()
    {
        var parts = ByteRules.Compose(Quiet with { Wal = null }, 60 * GiB);

        Assert.Null(parts.Wal);
        Assert.Equal(9 * GiB - 8 * MiB, parts.Other);
        Assert.Equal(["WAL could not be seen: it is in other."], parts.Unseen);
    }

    [Fact]
    public void Compose_ADatabaseUnseen_IsInOtherAndNamed()
    {
        var parts = ByteRules.Compose(Quiet with { Databases = [.. Quiet.Databases, new DatabaseBytes("rdsadmin", null, null)] }, 60 * GiB);

        Assert.Equal(["The size of rdsadmin could not be seen: it is in other."], parts.Unseen);
    }

    [Fact]
    public void Compose_LargeObjectsUnseen_AreStillRelations()
    {
        var parts = ByteRules.Compose(Quiet with { Databases = [new DatabaseBytes("shop", 50 * GiB, null)] }, 60 * GiB);

        Assert.Equal(50 * GiB, parts.Relations);
        Assert.Null(parts.LargeObjects);
        Assert.Equal(["Large objects could not be seen: they are in relations."], parts.Unseen);
    }

    [Fact]
    public void Compose_NothingSeen_IsAllOther()
    {
        var parts = ByteRules.Compose(Quiet with { Databases = [], Wal = null, Temporary = null, Logs = null }, 60 * GiB);

        Assert.Equal(60 * GiB, parts.Other);
        Assert.Equal(5, parts.Unseen.Count);
    }

    /// <summary>Free space is a metric of the last minute; the server was asked later.</summary>
    [Fact]
    public void Compose_PartsAreMoreThanUsed_UsedIsTheirSum()
    {
        var parts = ByteRules.Compose(Quiet, 50 * GiB);

        Assert.Equal(0, parts.Other);
        Assert.Equal(53 * GiB + 8 * MiB, parts.Used);
    }

    [Fact]
    public void Compose_LargeObjectsOutgrewTheirDatabaseMeanwhile_LeaveNoNegativeRelations()
    {
        var parts = ByteRules.Compose(Quiet with { Databases = [new DatabaseBytes("scans", 5 * GiB, null, 6 * GiB)] }, 60 * GiB);

        Assert.Equal(0, parts.Relations);
    }
}
