using Automation.Lab.Postgres;
using Npgsql;
using static Automation.LabTests.Postgres.Sessions;

namespace Automation.LabTests.Postgres;

/// <summary>Every slot an application can have is taken: who still gets in.</summary>
public sealed class LastSlotsTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, string> FewSlots = new() { ["max_connections"] = "14", ["max_wal_senders"] = "2" };

    [Theory, InlineData(16), InlineData(17), InlineData(18)]
    public async Task Storm_From16On_AutomationEntersAndApplicationDoesNot(int major)
    {
        await using var server = await postgres.StartOwnAsync(major, FewSlots);
        await AutomationRole.CreateAsync(server, "automation", None);

        await using var storm = await Storm.FillAsync(server);

        Assert.Equal(14 - 3 - 2, storm.Sessions.Count);
        Assert.Equal("53300", await RefusalAsync(() => server.OpenAsync(Storm.User, Storm.Password)));
        await using var automation = await server.OpenAsync("automation");
        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_terminate_backend($1)", storm.Sessions[0].ProcessID));
    }

    // What the script says about these versions: without RDS's patch the last slots are for superusers alone.
    [Theory, InlineData(13), InlineData(14), InlineData(15)]
    public async Task Storm_Before16_AutomationIsRefusedToo(int major)
    {
        await using var server = await postgres.StartOwnAsync(major, FewSlots);
        await AutomationRole.CreateAsync(server, "automation", None);

        await using var storm = await Storm.FillAsync(server);

        Assert.Equal(14 - 3, storm.Sessions.Count);
        Assert.Equal("53300", await RefusalAsync(() => server.OpenAsync("automation")));
        await using var admin = await server.OpenAdminAsync(None);
        Assert.Equal(true, await admin.ScalarAsync("SELECT pg_terminate_backend($1)", storm.Sessions[0].ProcessID));
    }

    // The way the script names that needs no right at all.
    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Storm_ApplicationsDatabaseLimited_AutomationEntersOnEveryVersion(int major)
    {
        await using var server = await postgres.StartOwnAsync(major, FewSlots);
        await AutomationRole.CreateAsync(server, "automation", None);
        await server.ExecuteAsync("CREATE DATABASE orders CONNECTION LIMIT 6", None);

        await using var storm = await Storm.FillAsync(server, "orders");

        Assert.Equal(6, storm.Sessions.Count);
        await using var automation = await server.OpenAsync("automation");
        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_terminate_backend($1)", storm.Sessions[0].ProcessID));
    }

    [Theory, InlineData(13), InlineData(15)]
    public async Task Bootstrap_ReservedRoleAskedFor_GrantedAndNothingElse(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();

        await AutomationRole.CreateAsync(master, "reserving_automation", "rds_superuser", None);

        await using var admin = await server.OpenAdminAsync(None);
        Assert.Equal(["pg_monitor", "pg_signal_backend", "rds_iam", "rds_superuser"], await BootstrapTests.MembershipsAsync(admin, "reserving_automation"));
    }

    /// <summary>Sessions of an application until the server refuses one more.</summary>
    private sealed class Storm : IAsyncDisposable
    {
        public const string User = "storming_app", Password = "secret";

        public List<NpgsqlConnection> Sessions { get; } = [];

        public static async Task<Storm> FillAsync(PostgresServer server, string database = "postgres")
        {
            await server.CreateLoginAsync(User, Password, "", None);
            // Sessions of the lab's own that are still ending would count.
            await using (var admin = await server.OpenAdminAsync(None))
            {
                await Eventually.TrueAsync(async () =>
                    await admin.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") is 1L);
            }
            var storm = new Storm();
            try
            {
                while (true) storm.Sessions.Add(await server.OpenAsync(User, Password, database));
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                return storm;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var session in Sessions) await session.DisposeAsync();
        }
    }
}
