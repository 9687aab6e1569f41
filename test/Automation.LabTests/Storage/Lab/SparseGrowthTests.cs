using Automation.Lab.Storage;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage.Lab;

/// <summary>GiBs that no disk holds, as PostgreSQL sees them.</summary>
public sealed class SparseGrowthTests(PostgresFixture postgres)
{
    private const long MiB = 1 << 20;

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13)]
    [InlineData(18)]
    public async Task ExtendRelation_ByGiBs_IsReadVacuumedAndWrittenAsAnyTable(int major)
    {
        await using var instance = await postgres.StartInstanceAsync($"sparse{major}", new LabVolumeOptions { AllocatedGiB = 20 }, major);
        await using var session = await instance.Server.OpenAdminAsync(cancellation);
        await session.RunAsync("CREATE TABLE grown (id int)");
        await session.RunAsync("INSERT INTO grown SELECT generate_series(1, 1000)");
        var before = Assert.IsType<long>(await session.ScalarAsync("SELECT pg_relation_size('grown')"));
        var used = instance.Volume!.UsedBytes;

        await instance.Volume.ExtendRelationAsync("grown", LabVolume.GiB + MiB, cancellation);

        Assert.Equal(before + LabVolume.GiB + MiB, await session.ScalarAsync("SELECT pg_relation_size('grown')"));
        await session.RunAsync("VACUUM grown");
        Assert.Equal(before + LabVolume.GiB + MiB, await session.ScalarAsync("SELECT pg_relation_size('grown')"));
        await session.RunAsync("INSERT INTO grown SELECT generate_series(1001, 2000)");
        Assert.Equal(2000L, await session.ScalarAsync("SELECT count(*) FROM grown"));
        Assert.InRange(instance.Volume.UsedBytes - used, LabVolume.GiB + MiB, LabVolume.GiB + 70 * MiB);
        Assert.InRange(await VolumeFixture.OnDiskAsync(instance.Server.DataFolder), 0, 200 * MiB);

        await session.RunAsync("TRUNCATE grown");
        await session.RunAsync("CHECKPOINT");
        Assert.InRange(instance.Volume.UsedBytes - used, -LabVolume.GiB, 70 * MiB);
    }

    [Fact]
    public async Task ExtendRelation_Twice_GoesOnWhereItEnded()
    {
        await using var instance = await postgres.StartInstanceAsync("sparse-twice", new LabVolumeOptions { AllocatedGiB = 20 });
        await using var session = await instance.Server.OpenAdminAsync(cancellation);
        await session.RunAsync("CREATE TABLE grown (id int)");

        await instance.Volume!.ExtendRelationAsync("grown", LabVolume.GiB, cancellation);
        await instance.Volume.ExtendRelationAsync("public.grown", 1, cancellation);
        await instance.Volume.ExtendRelationAsync("grown", 2 * LabVolume.GiB, cancellation);

        Assert.Equal(3 * LabVolume.GiB + 8192, await session.ScalarAsync("SELECT pg_relation_size('grown')"));
        Assert.Equal(3 * LabVolume.GiB + 8192, await session.ScalarAsync("SELECT pg_table_size('grown')"));
    }

    [Fact]
    public async Task GrowWal_BehindAnAbandonedSlot_IsKeptForIt()
    {
        await using var instance = await postgres.StartInstanceAsync("sparse-wal", new LabVolumeOptions { AllocatedGiB = 20 }, logical: true);
        await using var session = await instance.Server.OpenAdminAsync(cancellation);
        await session.RunAsync("SELECT pg_create_logical_replication_slot('abandoned', 'test_decoding')");

        await instance.Volume!.GrowWalAsync(8, cancellation);
        await session.RunAsync("CHECKPOINT");

        Assert.InRange(Assert.IsType<long>(await session.ScalarAsync(
            "SELECT (pg_current_wal_lsn() - restart_lsn)::bigint FROM pg_replication_slots WHERE slot_name = 'abandoned'")), 7 * 64 * MiB, 8 * 64 * MiB);
        Assert.InRange(Assert.IsType<decimal>(await session.ScalarAsync("SELECT sum(size) FROM pg_ls_waldir()")), 8 * 64 * MiB, 11 * 64 * MiB);
        Assert.InRange(await VolumeFixture.OnDiskAsync(instance.Server.DataFolder), 0, 150 * MiB);

        await session.RunAsync("SELECT pg_drop_replication_slot('abandoned')");
        await session.RunAsync("CHECKPOINT");
        Assert.InRange(Assert.IsType<decimal>(await session.ScalarAsync("SELECT sum(size) FROM pg_ls_waldir()")), 0, 3 * 64 * MiB);
    }

    [Fact]
    public async Task GrowWal_RealRecordsInBetween_AreStillDecoded()
    {
        await using var instance = await postgres.StartInstanceAsync("sparse-decoded", new LabVolumeOptions { AllocatedGiB = 20 }, logical: true);
        await using var session = await instance.Server.OpenAdminAsync(cancellation);
        await session.RunAsync("CREATE TABLE orders (id int PRIMARY KEY)");
        await session.RunAsync("SELECT pg_create_logical_replication_slot('reader', 'test_decoding')");

        await session.RunAsync("INSERT INTO orders VALUES (1)");
        await instance.Volume!.GrowWalAsync(2, cancellation);
        await session.RunAsync("INSERT INTO orders VALUES (2)");

        var changes = await session.StringsAsync("SELECT data FROM pg_logical_slot_get_changes('reader', NULL, NULL) WHERE data LIKE 'table%'");
        Assert.Equal(["table public.orders: INSERT: id[integer]:1", "table public.orders: INSERT: id[integer]:2"], changes);
    }
}
