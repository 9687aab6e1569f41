using Automation.Lab.Postgres;

namespace Automation.LabTests.Postgres;

public sealed class PostgresStandbyTests(PostgresFixture postgres)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promote_Synchronous_HasEveryAcknowledgedRowAndWaitsForNobody()
    {
        await using var primary = await postgres.StartOwnAsync();
        await using var standby = await PostgresStandby.AddAsync(primary, $"{primary.Name}-b", new StandbyOptions { Synchronous = true }, cancellation);
        await using (var master = await primary.OpenMasterAsync())
        {
            await master.RunAsync("CREATE TABLE acknowledged (id int)");
            for (var id = 1; id <= 20; id++) await master.RunAsync($"INSERT INTO acknowledged VALUES ({id})");
        }

        await primary.StopAsync(PostgresShutdown.Immediate);
        await standby.PromoteAsync(cancellation);

        await using var promoted = await standby.Server.OpenMasterAsync();
        Assert.Equal(20L, await promoted.ScalarAsync("SELECT count(*) FROM acknowledged"));
        Assert.Equal(21, await promoted.ScalarAsync("INSERT INTO acknowledged VALUES (21) RETURNING id"));
        Assert.Equal(standby.Server.Address, await promoted.ScalarAsync("SELECT host(inet_server_addr())"));
        Assert.NotEqual(primary.Address, standby.Server.Address);
    }

    [Fact]
    public async Task Commit_SynchronousStandbyPaused_WaitsUntilItReceivesAgain()
    {
        await using var primary = await postgres.StartOwnAsync();
        await using var standby = await PostgresStandby.AddAsync(primary, $"{primary.Name}-b", new StandbyOptions { Synchronous = true }, cancellation);
        await using var master = await primary.OpenMasterAsync();
        await using var admin = await primary.OpenAdminAsync(cancellation);
        await standby.PauseReceivingAsync(cancellation);

        var commit = master.RunAsync("CREATE TABLE waited (id int)");
        await Eventually.TrueAsync(async () => await admin.ScalarAsync(
            "SELECT wait_event FROM pg_stat_activity WHERE pid = $1", master.ProcessID) is "SyncRep");
        Assert.False(commit.IsCompleted);
        await standby.ResumeReceivingAsync(cancellation);

        await commit;
    }

    /// <summary>Each backup begins with a checkpoint, which removes WAL, and ends with a new segment.</summary>
    [Fact]
    public async Task Standby_BehindByThreeBackups_CatchesUp()
    {
        await using var primary = await postgres.StartOwnAsync();
        await using var standby = await PostgresStandby.AddAsync(primary, $"{primary.Name}-b", new StandbyOptions { Synchronous = true }, cancellation);
        await standby.PauseReceivingAsync(cancellation);
        for (var backup = 0; backup < 3; backup++) (await BaseBackup.TakeAsync(primary, static _ => { }, cancellation)).Remove();

        await standby.ResumeReceivingAsync(cancellation);

        await Eventually.TrueAsync(async () => await primary.CaughtUpAsync());
    }

    /// <summary>The oldest and the newest server; of Debian's between them an instance's failover shows the same.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(18)]
    public async Task Promote_AsynchronousAndPaused_LosesExactlyWhatCameAfter(int major)
    {
        await using var primary = await postgres.StartOwnAsync(major);
        await using var standby = await PostgresStandby.AddAsync(primary, $"{primary.Name}-b", new StandbyOptions { Synchronous = false }, cancellation);
        await using (var master = await primary.OpenMasterAsync())
        {
            await master.RunAsync("CREATE TABLE written (id int); INSERT INTO written SELECT generate_series(1, 100)");
            await Eventually.TrueAsync(async () => await primary.CaughtUpAsync());
            await standby.PauseReceivingAsync(cancellation);
            await master.RunAsync("INSERT INTO written SELECT generate_series(101, 107)");
            Assert.Equal(107L, await master.ScalarAsync("SELECT count(*) FROM written"));
        }

        await primary.StopAsync(PostgresShutdown.Immediate);
        await standby.PromoteAsync(cancellation);

        await using var promoted = await standby.Server.OpenMasterAsync();
        Assert.Equal(100, await promoted.ScalarAsync("SELECT max(id) FROM written"));
        Assert.Equal(100L, await promoted.ScalarAsync("SELECT count(*) FROM written"));
        await promoted.RunAsync("INSERT INTO written VALUES (101)");
    }
}
