using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Failover.Lab;

/// <summary>Each script as a plain Npgsql client sees it, step by step.</summary>
public sealed class FailoverScriptTests(PostgresFixture postgres, FailoverScriptTests.Stage stage) : IClassFixture<FailoverScriptTests.Stage>
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Default_DirectEndpoint_IsSilentThenRefusesThenStartsThenIsTheOtherServer()
    {
        var staged = await stage.InstanceAsync(postgres);
        var before = await IdentityAsync(staged);
        await using var open = await staged.OpenAsync();
        await staged.Instance.Server.ExecuteAsync("CREATE TABLE acknowledged AS SELECT generate_series(1, 10) AS id", cancellation);

        var failover = staged.FailOverAsync(FailoverScript.Default);
        await staged.UntilAsync(GateMode.Silent);
        var hanging = open.ScalarAsync("SELECT 1");
        Assert.Equal("silence", await staged.SeenAsync());
        await staged.UntilAsync(GateMode.Refusing);
        Assert.Equal("refused", await staged.SeenAsync());
        await staged.UntilAsync(GateMode.StartingUp);
        Assert.Equal("57P03", await staged.SeenAsync());
        Assert.Equal("writes", await staged.SeenThroughProxyAsync());
        var truth = await staged.EndAsync(failover);

        Assert.Equal("writes", await staged.SeenAsync());
        var after = await IdentityAsync(staged);
        Assert.NotEqual(before.Start, after.Start);
        Assert.NotEqual(before.Address, after.Address);
        Assert.Equal([["10"]], await staged.Instance.QueryAsync("SELECT count(*)::text FROM acknowledged", cancellation));
        Assert.False(hanging.IsCompleted);
        Assert.True(truth.AcceptedAt.Timestamp < truth.KilledAt!.Value.Timestamp);
        Assert.True(truth.KilledAt.Value.Timestamp < truth.PromotedAt!.Value.Timestamp);
        Assert.True(truth.PromotedAt.Value.Timestamp <= truth.ProxyServingAt!.Value.Timestamp);
        Assert.True(truth.ProxyServingAt.Value.Timestamp < truth.ServingAt!.Value.Timestamp);
        staged.Instance.Gate.DropConnections();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => hanging);
    }

    [Fact]
    public async Task Abandoned_ChangesNothing()
    {
        var staged = await stage.InstanceAsync(postgres);
        var before = await IdentityAsync(staged);
        await using var open = await staged.OpenAsync();

        var truth = await staged.EndAsync(staged.FailOverAsync(FailoverScript.Abandoned));

        Assert.Equal(FailoverOutcome.Abandoned, truth.Outcome);
        Assert.Null(truth.KilledAt);
        Assert.Equal(before, await IdentityAsync(staged));
        Assert.Equal(1, await open.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task BackToSame_AnotherStartAtTheSameAddress()
    {
        var staged = await stage.InstanceAsync(postgres);
        var before = await IdentityAsync(staged);

        var failover = staged.FailOverAsync(FailoverScript.BackToSame);
        await staged.UntilAsync(GateMode.Refusing);
        Assert.Equal("refused", await staged.SeenAsync());
        await staged.UntilAsync(GateMode.StartingUp);
        Assert.Equal("57P03", await staged.SeenAsync());
        var truth = await staged.EndAsync(failover);

        Assert.Equal("writes", await staged.SeenAsync());
        Assert.Equal("writes", await staged.SeenThroughProxyAsync());
        var after = await IdentityAsync(staged);
        Assert.Equal((before.Address, before.Port), (after.Address, after.Port));
        Assert.NotEqual(before.Start, after.Start);
        Assert.Null(truth.PromotedAt);
        Assert.NotNull(truth.ServingAt);
    }

    [Fact]
    public async Task ReaderFirst_DirectEndpoint_RefusesWritesAsAReaderBeforeItTakesThem()
    {
        var staged = await stage.InstanceAsync(postgres);

        var failover = staged.FailOverAsync(FailoverScript.ReaderFirst);
        await staged.UntilAsync(GateMode.Refusing);
        await staged.UntilAsync(GateMode.Serving);
        Assert.Equal("25006", await staged.SeenAsync());
        await using var reader = await staged.OpenAsync();
        await staged.EndAsync(failover);

        Assert.Equal("writes", await staged.SeenAsync());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => reader.RunAsync("SELECT 1"));
    }

    [Fact]
    public async Task SingleAz_HasNothingToSwitchTo_AndNeverBackStaysRefused()
    {
        await using var staged = await StagedInstance.StartAsync(postgres, "alone", multiAz: null);
        var switching = staged.FailOverAsync(FailoverScript.Default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => staged.EndAsync(switching));
        Assert.Equal("writes", await staged.SeenAsync());

        var truth = await staged.EndAsync(staged.FailOverAsync(FailoverScript.NeverBack));

        Assert.Equal("refused", await staged.SeenAsync());
        Assert.False(staged.Instance.Server.IsRunning);
        Assert.Null(truth.ServingAt);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => staged.Instance.QueryAsync("SELECT 1", cancellation));
    }

    [Fact]
    public async Task Default_AsynchronousWithHeldWal_LosesExactlyWhatWasHeldBack()
    {
        await using var staged = await StagedInstance.StartAsync(postgres, "lossy", new MultiAz { Synchronous = false });
        await staged.Instance.Server.ExecuteAsync("CREATE TABLE written AS SELECT generate_series(1, 50) AS id", cancellation);
        await Eventually.TrueAsync(() => staged.Instance.Server.CaughtUpAsync());
        await staged.Instance.Standby!.PauseReceivingAsync(cancellation);
        await staged.Instance.Server.ExecuteAsync("INSERT INTO written VALUES (51), (52), (53)", cancellation);

        await staged.EndAsync(staged.FailOverAsync(FailoverScript.Default));

        Assert.Equal([["50", "50"]], await staged.Instance.QueryAsync("SELECT count(*)::text, max(id)::text FROM written", cancellation));
    }

    private static async Task<(string Start, string Address, string Port)> IdentityAsync(StagedInstance staged)
    {
        await using var session = await staged.OpenAsync();
        var identity = (string)(await session.ScalarAsync(
            "SELECT concat_ws('|', pg_postmaster_start_time(), host(inet_server_addr()), inet_server_port())"))!;
        return identity.Split('|') is [var start, var address, var port] ? (start, address, port) : throw new FormatException(identity);
    }

    /// <summary>One instance for the scripts after which it serves again.</summary>
    public sealed class Stage : IAsyncDisposable
    {
        private StagedInstance? instance;

        internal async Task<StagedInstance> InstanceAsync(PostgresFixture postgres) =>
            instance ??= await StagedInstance.StartAsync(postgres, "staged", new MultiAz(), proxy: true);

        public async ValueTask DisposeAsync()
        {
            if (instance is not null) await instance.DisposeAsync();
        }
    }
}
