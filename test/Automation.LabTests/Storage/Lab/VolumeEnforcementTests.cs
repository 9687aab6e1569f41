using System.Net.Sockets;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Storage;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Storage.Lab;

/// <summary>A volume's size is what the server's real files may have.</summary>
public sealed class VolumeEnforcementTests(PostgresFixture postgres)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Used_DataComeAndGo_FollowsTheDirectory()
    {
        await using var instance = await postgres.StartInstanceAsync("used", new LabVolumeOptions { AllocatedGiB = 20 });
        var volume = instance.Volume!;
        var before = volume.UsedBytes;
        await using var session = await instance.Server.OpenAdminAsync(cancellation);

        await session.RunAsync("CREATE TABLE filled AS SELECT repeat('x', 1000) AS text FROM generate_series(1, 20000)");
        var size = Assert.IsType<long>(await session.ScalarAsync("SELECT pg_relation_size('filled')"));
        var filled = volume.UsedBytes;
        await session.RunAsync("DROP TABLE filled");
        await session.RunAsync("CHECKPOINT");

        Assert.InRange(filled, before + size, before + size + 3 * 64 * (1 << 20));
        Assert.InRange(volume.UsedBytes, 0, filled - size);
        Assert.Equal(20 * LabVolume.GiB, volume.FreeBytes + volume.UsedBytes);
        Assert.Equal(20 * LabVolume.GiB - volume.UsedBytes, await FreeStorageSpaceAsync(instance));
    }

    [Fact]
    public async Task Full_ThenGrown_StopsTheServerAndBringsItBackWithItsData()
    {
        await using var instance = await postgres.StartInstanceAsync("filling", new LabVolumeOptions { AllocatedGiB = 20 });
        var (volume, changes) = (instance.Volume!, new Journal<VolumeChange>());
        volume.OnChange = changes.Add;
        var login = instance.Login("application", await instance.CreateLoginAsync("application", cancellation), "application");
        await using var session = new NpgsqlConnection(login.ConnectionString);
        await session.OpenAsync(cancellation);
        await instance.Server.ExecuteAsync("CREATE TABLE kept AS SELECT generate_series(1, 500) AS id; GRANT SELECT ON kept TO application", cancellation);

        await volume.ExtendRelationAsync("kept", 18 * LabVolume.GiB + LabVolume.GiB / 2, cancellation);
        await HappenedAsync(changes, VolumeChange.Low);
        Assert.True(instance.Server.IsRunning);
        await volume.ExtendRelationAsync("kept", 2 * LabVolume.GiB, cancellation);
        await HappenedAsync(changes, VolumeChange.Full);

        Assert.False(instance.Server.IsRunning);
        Assert.Equal(0, volume.FreeBytes);
        Assert.Null(await FreeStorageSpaceAsync(instance));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => session.RunAsync("SELECT 1"));
        await using var refused = new NpgsqlConnection(login.ConnectionString);
        var refusal = await Assert.ThrowsAnyAsync<NpgsqlException>(() => refused.OpenAsync(cancellation));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refusal.InnerException).SocketErrorCode);

        volume.Settings = volume.Settings with { AllocatedGiB = 25 };
        await HappenedAsync(changes, VolumeChange.Resumed);

        await using var again = new NpgsqlConnection(login.ConnectionString);
        await again.OpenAsync(cancellation);
        Assert.Equal(20 * LabVolume.GiB + LabVolume.GiB / 2 + 24 * 1024, await again.ScalarAsync("SELECT pg_relation_size('kept')"));
        Assert.Equal(1L, await again.ScalarAsync("SELECT count(*) FROM kept WHERE id = 500 AND ctid < '(3,0)'"));
        Assert.Equal([VolumeChange.Low, VolumeChange.Full, VolumeChange.Resumed], changes.Entries);
        Assert.NotEmpty(await instance.BackendsAsync(cancellation));
        Assert.False(instance.Watching.IsFaulted);
    }

    [Fact]
    public async Task WithoutAVolume_NothingIsMeasured()
    {
        await using var instance = await postgres.StartInstanceAsync("unmeasured", null);

        Assert.Null(instance.Volume);
        Assert.DoesNotContain(instance.Metrics, m => m.Name == "FreeStorageSpace");
    }

    private Task<VolumeChange> HappenedAsync(Journal<VolumeChange> changes, VolumeChange wanted) =>
        changes.FirstAsync(change => change == wanted, cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);

    private ValueTask<double?> FreeStorageSpaceAsync(LabInstance instance) =>
        Assert.Single(instance.Metrics, m => m.Name == "FreeStorageSpace").Sample(cancellation);
}
