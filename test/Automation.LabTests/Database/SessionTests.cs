using Automation.Database;
using Automation.LabTests.Postgres;
using Automation.Tests.Database;
using Npgsql;
using static Automation.LabTests.Database.RealSessions;

namespace Automation.LabTests.Database;

/// <summary>Statements on a real session: what fails, what is given up, what goes on.</summary>
public sealed class SessionTests(PostgresFixture postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SessionTerminated_IsShuttingDownAndTheSessionIsOver()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_terminated", Password, "", Test);
        await using var session = await server.OpenedAsync("db_terminated");
        var pid = await session.AnswerAsync("SELECT pg_backend_pid()");
        await server.ExecuteAsync($"SELECT pg_terminate_backend({pid})", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        await Eventually.TrueAsync(async () => await admin.ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}") is 0L);

        Assert.Equal((FailureClass.ShuttingDown, "57P01"), (await session.FailureAsync("SELECT 1", DatabaseActivity.Committing)).ClassAndState());
        Assert.Contains("nothing was sent", (await session.FailureAsync("SELECT 1", DatabaseActivity.Committing)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusedStatement_TheSessionGoesOn()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_goes_on", Password, "", Test);
        await using var session = await server.OpenedAsync("db_goes_on");

        Assert.Equal((FailureClass.Other, "22012"), (await session.FailureAsync("SELECT 1/0", DatabaseActivity.Reading)).ClassAndState());

        Assert.Equal(1, await session.AnswerAsync("SELECT 1"));
    }

    [Fact]
    public async Task Run_StatementPastItsDeadline_IsGivenUpAndEndsOnTheServerToo()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_slow", Password, "", Test);
        var clock = ManualClock.AtNoon();
        await using var source = server.Source("db_slow", Options with { CommandTimeout = TimeSpan.FromMinutes(10) }, clock);
        await using var session = await source.OpenedAsync();
        await using var admin = await server.OpenAdminAsync(Test);

        var running = session.FailureAsync("SELECT pg_sleep(600)", DatabaseActivity.Reading);
        await Eventually.TrueAsync(async () => await SleepersAsync(admin) is 1L);
        Assert.False(running.IsCompleted);
        clock.Pass(Deadline);

        Assert.Equal(FailureClass.Unreachable, (await running.WaitAsync(Deadline, Test)).Class);
        await Eventually.TrueAsync(async () => await SleepersAsync(admin) is 0L);
    }

    [Fact]
    public async Task Run_CancelledBeforeItBegan_TheSessionGoesOn()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_cancelled", Password, "", Test);
        await using var session = await server.OpenedAsync("db_cancelled");

        await Assert.ThrowsAsync<OperationCanceledException>(() => session.RunAsync(TestClient.SelectOneAsync,
            DatabaseActivity.Reading, Deadline, new CancellationToken(canceled: true)));

        Assert.Equal(1, await session.AnswerAsync("SELECT 1"));
    }

    [Fact]
    public async Task Run_CallersOwnMistake_IsTheirException()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_mistaken", Password, "", Test);
        await using var session = await server.OpenedAsync("db_mistaken");

        await Assert.ThrowsAsync<InvalidCastException>(() => session.RunAsync<int>(
            (_, _) => throw new InvalidCastException("mine"), DatabaseActivity.Reading, Deadline, Test));
    }

    // Without a look at the server's catalog: the types that remediation asks for are known to the driver.
    [Fact]
    public async Task Run_BuiltInTypesAndArrays_NeedNoTypeLoading()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_types", Password, "", Test);
        await using var session = await server.OpenedAsync("db_types");

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

    private static async Task<object?> SleepersAsync(NpgsqlConnection admin) => await admin.ScalarAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'db_slow' AND state = 'active' AND wait_event = 'PgSleep'");
}
