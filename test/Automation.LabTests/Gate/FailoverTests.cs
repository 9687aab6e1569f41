using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>What RDS Proxy's clients see of their sessions when the writer ends or is another.</summary>
[Collection(nameof(GateFixture))]
public sealed class FailoverTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Fast: the server tells each session by an error. Immediate: by a notice, which drivers would show at the next answer.
    [Theory]
    [InlineData(PostgresShutdown.Fast)]
    [InlineData(PostgresShutdown.Immediate)]
    internal async Task IdleSession_BackendRestarts_HearsNothingOfIt(PostgresShutdown how)
    {
        var (server, _) = await fixture.PairAsync();
        await using var gate = fixture.Start(server, GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();
        var notices = new List<string>();
        session.Notice += (_, notice) => notices.Add(notice.Notice.MessageText);
        var before = await session.ScalarAsync("SELECT pg_postmaster_start_time()");

        await server.StopAsync(how);
        await server.StartAsync(Stop);

        Assert.NotEqual(before, await session.ScalarAsync("SELECT pg_postmaster_start_time()"));
        Assert.Empty(notices);
        Assert.Equal((1, 1), (gate.Gate.Counts.Accepted, gate.Gate.Counts.Open));
    }

    [Fact]
    public async Task IdlePooledConnection_WriterGoneAndThenAnother_GoesOnThere()
    {
        var (former, promoted) = await fixture.PairAsync();
        await using var gate = fixture.Start(former, GateKind.Proxy);
        var settings = gate.IamSettings();
        (settings.Pooling, settings.MaxPoolSize, settings.NoResetOnClose) = (true, 1, true);
        await using var pool = NpgsqlDataSource.Create(settings);
        Assert.Equal(former.Port, await PortAsync());

        await former.StopAsync(PostgresShutdown.Immediate);
        var waiting = PortAsync();
        gate.Gate.Backend = GateFixture.BackendOf(promoted);

        Assert.Equal(promoted.Port, await waiting);
        Assert.Equal((1, 1), (gate.Gate.Counts.Accepted, gate.Gate.Counts.Open));
        await former.StartAsync(Stop);

        async Task<object?> PortAsync()
        {
            await using var command = pool.CreateCommand("SELECT inet_server_port()");
            return await command.ExecuteScalarAsync(Stop);
        }
    }

    [Fact]
    public async Task IdleSession_TerminatedAtTheServer_BorrowsAnother()
    {
        await using var gate = fixture.Start(GateKind.Proxy);
        await using var session = await gate.OpenIamAsync("gate-terminated-idle");
        var pid = await session.ScalarAsync("SELECT pg_backend_pid()");

        await TerminateAsync(fixture.Server, "gate-terminated-idle");
        // Its last words come before its connection's end, and not all of them may be here yet.
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{pid}")));

        Assert.NotEqual(pid, await session.ScalarAsync("SELECT pg_backend_pid()"));
        Assert.Equal(1, gate.Gate.Counts.Accepted);
    }

    [Fact]
    public async Task Sessions_WriterIsAnotherAndTheFormerLives_BeginNothingThereAnyMore()
    {
        var (former, promoted) = await fixture.PairAsync();
        await using var gate = fixture.Start(former, GateKind.Proxy);
        await using var idle = await gate.OpenIamAsync("gate-moved");
        await using var busy = await gate.OpenIamAsync("gate-moved");
        await busy.RunAsync("BEGIN");

        gate.Gate.Backend = GateFixture.BackendOf(promoted);

        Assert.Equal(promoted.Port, await idle.ScalarAsync("SELECT inet_server_port()"));
        Assert.Equal(former.Port, await busy.ScalarAsync("SELECT inet_server_port()"));
        await busy.RunAsync("COMMIT");
        Assert.Equal(promoted.Port, await busy.ScalarAsync("SELECT inet_server_port()"));
        await Deadline.UntilAsync(async () =>
        {
            await using var admin = await former.OpenAdminAsync(Stop);
            return await admin.ScalarAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'gate-moved')") is false;
        });
    }

    [Theory]
    [InlineData(PostgresShutdown.Fast)]
    [InlineData(PostgresShutdown.Immediate)]
    internal async Task StatementUnderWay_BackendEnds_Gets57P01AndTheSessionEnds(PostgresShutdown how)
    {
        var (server, _) = await fixture.PairAsync();
        await using var gate = fixture.Start(server, GateKind.Proxy);
        await using var session = await gate.OpenIamAsync("gate-under-way");
        var statement = session.RunAsync("SELECT pg_sleep(600)");
        await UntilActiveAsync(server, "gate-under-way");

        await server.StopAsync(how);

        var error = await Assert.ThrowsAsync<PostgresException>(() => statement);
        Assert.Equal(("57P01", "FATAL", "terminating connection due to administrator command"),
            (error.SqlState, error.Severity, error.MessageText));
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: null });
        Assert.Equal(0, gate.Gate.Counts.Open);
        await server.StartAsync(Stop);
    }

    [Theory]
    [InlineData(PostgresShutdown.Fast)]
    [InlineData(PostgresShutdown.Immediate)]
    internal async Task OpenTransaction_BackendEnds_SessionEnds(PostgresShutdown how)
    {
        var (server, _) = await fixture.PairAsync();
        await using var gate = fixture.Start(server, GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();
        await session.RunAsync("BEGIN");

        await server.StopAsync(how);

        // Without any request of the client.
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: null });
        Assert.Equal("57P01", await Sessions.RefusalAsync(() => session.RunAsync("SELECT 1")));
        await server.StartAsync(Stop);
    }

    // The gate knows no password: it could not log in a second time.
    [Fact]
    public async Task IdleSessionByPassword_BackendEnds_EndsToo()
    {
        await using var gate = fixture.Start(GateKind.Proxy);
        var settings = gate.PasswordSettings();
        settings.ApplicationName = "gate-password";
        await using var session = await TestGate.OpenAsync(settings);

        await TerminateAsync(fixture.Server, "gate-password");

        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.Closed);
        Assert.Equal("57P01", await Sessions.RefusalAsync(() => session.RunAsync("SELECT 1")));
    }

    private static Task UntilActiveAsync(PostgresServer server, string application) => Deadline.UntilAsync(async () =>
    {
        await using var admin = await server.OpenAdminAsync(Stop);
        return await admin.ScalarAsync(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'PgSleep')", application) is true;
    });

    private static async Task TerminateAsync(PostgresServer server, string application)
    {
        await using var admin = await server.OpenAdminAsync(Stop);
        Assert.Equal(true, await admin.ScalarAsync(
            "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1", application));
    }
}
