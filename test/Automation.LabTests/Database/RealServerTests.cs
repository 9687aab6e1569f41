using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Tests.Database;
using Npgsql;

namespace Automation.LabTests.Database;

/// <summary>Against PostgreSQL itself: TLS, SCRAM, and what it says when it refuses.</summary>
public sealed class RealServerTests(PostgresFixture postgres)
{
    private const string Password = "canary-Passw0rd";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly DataSourceOptions Options = new() { ApplicationName = "test", Pooling = false };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_ServersOwnAuthority_IsVerifiedAndLogsInWithScram()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_scram", Password, "", Test);
        await using var session = await OpenAsync(server, "db_scram");

        var encrypted = await AnswerAsync(session, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");

        Assert.Equal(true, encrypted);
        Assert.Equal(server.Version.Major, session.ServerVersion.Major);
    }

    [Fact]
    public async Task Open_BundledRoots_DoNotVerifyAnotherAuthority()
    {
        var server = await postgres.ServerAsync();

        var failure = await RefusalAsync(server, "db_nobody", roots: TrustedRoots.Bundled);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
    }

    [Fact]
    public async Task Open_WrongPassword_IsAuthentication()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_other_password", "another", "", Test);

        var failure = await RefusalAsync(server, "db_other_password");

        Assert.Equal((FailureClass.Authentication, "28P01"), (failure.Class, failure.SqlState));
        Assert.DoesNotContain(Password, failure.Sentence, StringComparison.Ordinal);
    }

    // The server trusts rds_iam roles, as the gate in front of it has checked their token: with no token asked for, nobody
    // has proven anything, and the login is not taken for one.
    [Fact]
    public async Task Open_ServerAsksForNothing_IsAuthentication()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_iam", Password, "IN ROLE rds_iam", Test);

        Assert.Equal(FailureClass.Authentication, (await RefusalAsync(server, "db_iam")).Class);
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_RoleAtItsLimit_IsNotExhaustion(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("db_limited", Password, "CONNECTION LIMIT 1", Test);
        await using var first = await OpenAsync(server, "db_limited");

        var failure = await RefusalAsync(server, "db_limited");

        Assert.Equal((FailureClass.RoleLimit, "53300"), (failure.Class, failure.SqlState));
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_DatabaseAtItsLimit_IsNotExhaustion(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("db_limited_database", Password, "", Test);
        await server.ExecuteAsync("CREATE DATABASE db_limited CONNECTION LIMIT 1", Test);
        await using var first = await OpenAsync(server, "db_limited_database", "db_limited");

        var failure = await RefusalAsync(server, "db_limited_database", "db_limited");

        Assert.Equal((FailureClass.DatabaseLimit, "53300"), (failure.Class, failure.SqlState));
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_OnlyReservedSlotsLeft_ThenNone_IsExhaustion(int major)
    {
        await using var server = await postgres.StartOwnAsync(major, new Dictionary<string, string>
        {
            ["max_connections"] = "6",
            ["max_wal_senders"] = "0",
            ["superuser_reserved_connections"] = "3",
            ["reserved_connections"] = "0",
        }.Where(setting => major >= 16 || setting.Key != "reserved_connections").ToDictionary());
        await server.CreateLoginAsync("app", Password, "", Test);
        var sessions = new List<IAsyncDisposable>();
        var said = new HashSet<string>();
        DatabaseFailure last;
        while (true)
        {
            var attempt = await AttemptAsync(server, "app");
            if (!attempt.Succeeded(out var session, out last!)) break;
            sessions.Add(session);
        }
        said.Add(last.Sentence);
        Assert.Equal((FailureClass.SlotsExhausted, "53300"), (last.Class, last.SqlState));

        // Now superusers take the reserve too, and the server says it in other words.
        try
        {
            while (true) sessions.Add(await server.OpenAdminAsync(Test));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            var failure = await RefusalAsync(server, "app");
            said.Add(failure.Sentence);
            Assert.Equal((FailureClass.SlotsExhausted, "53300"), (failure.Class, failure.SqlState));
        }
        Assert.Equal(2, said.Count);
        foreach (var session in sessions) await session.DisposeAsync();
    }

    [Fact]
    public async Task Run_WriteOnAReadOnlySession_IsReadOnlyAndThePoolLetsGo()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_reader", Password, "", Test);
        await server.ExecuteAsync("ALTER ROLE db_reader SET default_transaction_read_only = on", Test);
        await using var source = Source(server, "db_reader", Options with { Pooling = true, MaxPoolSize = 1 });

        var before = await BackendOfAsync(source);
        Assert.Equal(before, await BackendOfAsync(source));
        await using (var session = await OpenAsync(source))
        {
            var failure = await FailureAsync(session, "CREATE TEMP SEQUENCE s; CREATE TABLE t ()", DatabaseActivity.Committing);
            Assert.Equal((FailureClass.ReadOnly, "25006"), (failure.Class, failure.SqlState));
        }

        Assert.NotEqual(before, await BackendOfAsync(source));
    }

    [Fact]
    public async Task Run_SessionTerminated_IsShuttingDownAndTheSessionIsOver()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_terminated", Password, "", Test);
        await using var session = await OpenAsync(server, "db_terminated");
        var pid = await AnswerAsync(session, "SELECT pg_backend_pid()");
        await server.ExecuteAsync($"SELECT pg_terminate_backend({pid})", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        await Eventually.TrueAsync(async () => await admin.ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}") is 0L);

        Assert.Equal((FailureClass.ShuttingDown, "57P01"), ClassOf(await FailureAsync(session, "SELECT 1", DatabaseActivity.Committing)));
        Assert.Contains("nothing was sent", (await FailureAsync(session, "SELECT 1", DatabaseActivity.Committing)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusedStatement_TheSessionGoesOn()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_goes_on", Password, "", Test);
        await using var session = await OpenAsync(server, "db_goes_on");

        Assert.Equal((FailureClass.Other, "22012"), ClassOf(await FailureAsync(session, "SELECT 1/0", DatabaseActivity.Reading)));

        Assert.Equal(1, await AnswerAsync(session, "SELECT 1"));
    }

    [Fact]
    public async Task Run_StatementPastItsDeadline_IsGivenUpAndEndsOnTheServerToo()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_slow", Password, "", Test);
        var clock = ManualClock.AtNoon();
        await using var source = Source(server, "db_slow", Options with { CommandTimeout = TimeSpan.FromMinutes(10) }, clock);
        await using var session = await OpenAsync(source);
        await using var admin = await server.OpenAdminAsync(Test);

        var running = FailureAsync(session, "SELECT pg_sleep(600)", DatabaseActivity.Reading);
        await Eventually.TrueAsync(async () => await SleepersAsync(admin) is 1L);
        Assert.False(running.IsCompleted);
        clock.Pass(Deadline);

        Assert.Equal(FailureClass.Unreachable, (await running.WaitAsync(Deadline, Test)).Class);
        await Eventually.TrueAsync(async () => await SleepersAsync(admin) is 0L);
    }

    // Without a look at the server's catalog: the types that remediation asks for are known to the driver.
    [Fact]
    public async Task Run_BuiltInTypesAndArrays_NeedNoTypeLoading()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_types", Password, "", Test);
        await using var session = await OpenAsync(server, "db_types");

        var attempt = await session.RunAsync(async (connection, stop) =>
        {
            await using var command = new NpgsqlCommand("""
                SELECT pid, backend_start, usename, client_addr::text, backend_xid, pg_blocking_pids(pid)
                FROM pg_stat_activity WHERE usename = ANY ($1)
                """, connection)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = ["db_types"] } },
            };
            await using var reader = await command.ExecuteReaderAsync(stop);
            Assert.True(await reader.ReadAsync(stop));
            return (Pid: reader.GetInt32(0), Kind: reader.GetFieldValue<DateTimeOffset>(1).Offset, User: reader.GetString(2),
                Blockers: reader.GetFieldValue<int[]>(5).Length);
        }, DatabaseActivity.Reading, Deadline, Test);

        Assert.True(attempt.Succeeded(out var row, out var failure), failure?.Sentence);
        Assert.True(row.Pid > 0);
        Assert.Equal((TimeSpan.Zero, "db_types", 0), (row.Kind, row.User, row.Blockers));
    }

    [Fact]
    public async Task Pool_OfAProxy_SendsNothingOfItsOwn_OfAnInstance_Resets()
    {
        await using var server = await postgres.StartOwnAsync(settings: new Dictionary<string, string> { ["log_statement"] = "all" });

        Assert.Equal(["SELECT 1", "SELECT 2"], await StatementsAsync(server, "proxy_user", EndpointKind.Proxy));
        Assert.Equal(["SELECT 1", "DISCARD ALL", "SELECT 2"], await StatementsAsync(server, "instance_user", EndpointKind.Instance));
    }

    private static async Task<List<string>> StatementsAsync(PostgresServer server, string user, EndpointKind kind)
    {
        await server.CreateLoginAsync(user, Password, "", Test);
        await using (var source = Source(server, user, Options with { Pooling = true, MaxPoolSize = 1 }, kind: kind))
        {
            foreach (var sql in (string[])["SELECT 1", "SELECT 2"])
            {
                await using var session = await OpenAsync(source);
                await AnswerAsync(session, sql);
            }
        }
        List<string> Logged() => [.. server.Log.Where(line => line.Contains($"] {user}@", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..])];
        await Eventually.TrueAsync(() => Task.FromResult(Logged().Contains("SELECT 2")));
        return Logged();
    }

    private static async Task<object?> SleepersAsync(NpgsqlConnection admin) => await admin.ScalarAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'db_slow' AND state = 'active' AND wait_event = 'PgSleep'");

    private static async Task<object?> BackendOfAsync(RdsDataSource source)
    {
        await using var session = await OpenAsync(source);
        return await AnswerAsync(session, "SELECT pg_backend_pid()");
    }

    private static (FailureClass, string?) ClassOf(DatabaseFailure failure) => (failure.Class, failure.SqlState);

    private static RdsDataSource Source(PostgresServer server, string user, DataSourceOptions options, TimeProvider? clock = null,
        EndpointKind kind = EndpointKind.Instance) => RdsDataSource.Create(
        new DatabaseEndpoint(PostgresServer.Host, server.Port, kind), new PasswordLogin(user, Password),
        TrustedRoots.FromFile(server.CaBundlePath, "test"), options, clock ?? TimeProvider.System);

    private static Task<Attempt<DatabaseSession>> AttemptAsync(PostgresServer server, string user, string database = "postgres",
        TrustedRoots? roots = null) => DatabaseSession.OpenUnpooledAsync(
        new DatabaseEndpoint(PostgresServer.Host, server.Port, EndpointKind.Instance), new PasswordLogin(user, Password),
        roots ?? TrustedRoots.FromFile(server.CaBundlePath, "test"), Options with { Database = database }, Deadline,
        TimeProvider.System, Test);

    private static async Task<DatabaseSession> OpenAsync(PostgresServer server, string user, string database = "postgres")
    {
        var attempt = await AttemptAsync(server, user, database);
        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        return session;
    }

    private static async Task<DatabaseSession> OpenAsync(RdsDataSource source)
    {
        var attempt = await source.OpenAsync(Deadline, Test);
        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        return session;
    }

    private static async Task<DatabaseFailure> RefusalAsync(PostgresServer server, string user, string database = "postgres",
        TrustedRoots? roots = null)
    {
        var attempt = await AttemptAsync(server, user, database, roots);
        Assert.False(attempt.Succeeded(out _, out var failure));
        return failure;
    }

    private static Task<Attempt<object?>> RunAsync(DatabaseSession session, string sql, DatabaseActivity activity) =>
        session.RunAsync(async (connection, stop) =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(stop);
        }, activity, Deadline, Test);

    private static async Task<object?> AnswerAsync(DatabaseSession session, string sql)
    {
        var attempt = await RunAsync(session, sql, DatabaseActivity.Reading);
        Assert.True(attempt.Succeeded(out var answer, out var failure), failure?.Sentence);
        return answer;
    }

    private static async Task<DatabaseFailure> FailureAsync(DatabaseSession session, string sql, DatabaseActivity activity)
    {
        var attempt = await RunAsync(session, sql, activity);
        Assert.False(attempt.Succeeded(out _, out var failure));
        return failure;
    }
}
