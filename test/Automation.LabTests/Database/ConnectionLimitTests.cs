using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Npgsql;
using static Automation.LabTests.Database.RealSessions;

namespace Automation.LabTests.Database;

/// <summary>The three refusals that are all 53300, as PostgreSQL 13 to 18 say them.</summary>
public sealed class ConnectionLimitTests(PostgresFixture postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_RoleAtItsLimit_IsNotExhaustion(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("db_limited", Password, "CONNECTION LIMIT 1", Test);
        await using var first = await server.OpenedAsync("db_limited");

        var failure = await server.RefusedAsync("db_limited");

        Assert.Equal((FailureClass.RoleLimit, "53300"), (failure.Class, failure.SqlState));
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_DatabaseAtItsLimit_IsNotExhaustion(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("db_limited_database", Password, "", Test);
        await server.ExecuteAsync("CREATE DATABASE db_limited CONNECTION LIMIT 1", Test);
        await using var first = await server.OpenedAsync("db_limited_database", "db_limited");

        var failure = await server.RefusedAsync("db_limited_database", "db_limited");

        Assert.Equal((FailureClass.DatabaseLimit, "53300"), (failure.Class, failure.SqlState));
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Open_OnlyReservedSlotsLeft_ThenNone_IsExhaustion(int major)
    {
        await using var server = await postgres.StartOwnAsync(major, new Dictionary<string, string>
        {
            ["max_connections"] = "8",
            ["max_wal_senders"] = "0",
        });
        await server.CreateLoginAsync("app", Password, "", Test);
        await using var sessions = new Sessions();

        var applicationsSlots = await sessions.FillAsync(server);
        await sessions.FillAsSuperuserAsync(server);
        var everySlot = await server.RefusedAsync("app");

        Assert.Equal((FailureClass.SlotsExhausted, "53300"), applicationsSlots.ClassAndState());
        Assert.Equal((FailureClass.SlotsExhausted, "53300"), everySlot.ClassAndState());
        // The server has other words for each.
        Assert.NotEqual(applicationsSlots.Sentence, everySlot.Sentence);
    }

    private sealed class Sessions : IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> open = [];

        public async Task<DatabaseFailure> FillAsync(PostgresServer server)
        {
            while (true)
            {
                var attempt = await server.AttemptAsync("app");
                if (!attempt.Succeeded(out var session, out var failure)) return failure;
                open.Add(session);
            }
        }

        public async Task FillAsSuperuserAsync(PostgresServer server)
        {
            try
            {
                while (true) open.Add(await server.OpenAdminAsync(Test));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                // The reserve is taken too.
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var session in open) await session.DisposeAsync();
        }
    }
}
