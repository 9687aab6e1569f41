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

    // Whether a session is idle again shows in that it follows the writer.
    [Theory]
    [InlineData("large-statement")]
    [InlineData("batch")]
    [InlineData("prepared")]
    [InlineData("failed-batch")]
    [InlineData("copy")]
    [InlineData("failed-copy")]
    [InlineData("rolled-back")]
    public async Task Session_AfterTraffic_IsIdleAgain(string traffic)
    {
        var (former, promoted) = await fixture.PairAsync();
        await using var gate = fixture.Start(former, GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();

        await RunAsync(session, traffic);
        gate.Gate.Backend = GateFixture.BackendOf(promoted);

        Assert.Equal(promoted.Port, await session.ScalarAsync("SELECT inet_server_port()"));
        Assert.Equal(1, gate.Gate.Counts.Accepted);
    }

    private static async Task RunAsync(NpgsqlConnection session, string traffic)
    {
        switch (traffic)
        {
            case "large-statement":
                var large = new string('x', 300_000);
                Assert.Equal(large, await session.ScalarAsync($"SELECT '{large}' || $1", ""));
                break;
            case "batch":
                await using (var batch = new NpgsqlBatch(session))
                {
                    for (var n = 0; n < 200; n++) batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {n}, repeat('y', 5000)"));
                    await using var reader = await batch.ExecuteReaderAsync(Stop);
                    for (var n = 0; n < 200; n++)
                    {
                        Assert.True(await reader.ReadAsync(Stop));
                        Assert.Equal((n, 5000), (reader.GetInt32(0), reader.GetString(1).Length));
                        await reader.NextResultAsync(Stop);
                    }
                }
                break;
            case "prepared":
                await using (var command = new NpgsqlCommand("SELECT $1 + 1", session) { Parameters = { new NpgsqlParameter<int> { TypedValue = 1 } } })
                {
                    await command.PrepareAsync(Stop);
                    Assert.Equal(2, await command.ExecuteScalarAsync(Stop));
                }
                break;
            case "failed-batch":
                await using (var batch = new NpgsqlBatch(session) { BatchCommands = { new("SELECT 1"), new("SELECT 1 / 0"), new("SELECT 2") } })
                    Assert.Equal("22012", await Sessions.RefusalAsync(() => batch.ExecuteNonQueryAsync(Stop)));
                break;
            case "copy":
                await session.RunAsync("CREATE TEMP TABLE copied (n int)");
                await using (var import = await session.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)", Stop))
                {
                    for (var n = 0; n < 50_000; n++) await import.WriteRowAsync(Stop, n);
                    Assert.Equal(50_000UL, await import.CompleteAsync(Stop));
                }
                break;
            case "failed-copy":
                await session.RunAsync("CREATE TEMP TABLE copied (n int PRIMARY KEY)");
                await using (var import = await session.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)", Stop))
                {
                    for (var n = 0; n < 50_000; n++) await import.WriteRowAsync(Stop, n % 40_000);
                    Assert.Equal("23505", await Sessions.RefusalAsync(() => import.CompleteAsync(Stop).AsTask()));
                }
                break;
            case "rolled-back":
                await using (var transaction = await session.BeginTransactionAsync(Stop))
                {
                    await session.RunAsync("SELECT 1");
                    await transaction.RollbackAsync(Stop);
                }
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(traffic), traffic, "Traffic without statements.");
        }
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
