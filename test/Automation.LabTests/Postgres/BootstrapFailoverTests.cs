using Automation.Failover;
using Automation.Lab.Postgres;
using Npgsql;
using static Automation.LabTests.Postgres.Sessions;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> with <c>automation.tests_failover</c>: the right to make the schema of a test, in one database.</summary>
[Collection("a test's schema on the shared servers")]
public sealed class BootstrapFailoverTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_On_RoleMakesItsSchemaInThisDatabaseAlone(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync("CREATE DATABASE untested", None);
        await using var master = await server.OpenMasterAsync();
        await BootstrapAsync(master, "testing_automation", "on");
        await using var automation = await server.OpenAsync("testing_automation");

        await automation.RunAsync(ProbeSql.Create("a test"));
        // One that broke off leaves its schema; this script still works then.
        await BootstrapAsync(master, "testing_automation", "on");
        await automation.RunAsync(ProbeSql.Drop);

        Assert.Equal(false, await automation.ScalarAsync("SELECT has_database_privilege('untested', 'CREATE')"));
        Assert.Equal(false, await automation.ScalarAsync("SELECT has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => automation.RunAsync("CREATE DATABASE mine")));
        Assert.Contains("holds-nothing-more: ok", await BootstrapTests.SelfTestAsync(automation));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_On_ChangesNothingElse(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await using var admin = await server.OpenAdminAsync(None);
        await BootstrapAsync(master, "modest_automation", "off");
        var before = await BootstrapTests.MembershipsAsync(admin, "modest_automation");

        await BootstrapAsync(master, "modest_automation", "on");

        Assert.Equal(before, await BootstrapTests.MembershipsAsync(admin, "modest_automation"));
        var notices = Notices(master);
        await BootstrapAsync(master, "modest_automation", "on");
        Assert.Empty(notices);
    }

    // Not set and set to nothing are both off.
    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_NoLongerOn_TakesItBackAndSaysSoOnce(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await BootstrapAsync(master, "finished_automation", "on");
        var notices = Notices(master);

        await BootstrapAsync(master, "finished_automation", "");

        Assert.Equal(["NOTICE: taken back from \"finished_automation\": CREATE on the database \"postgres\""], notices);
        notices.Clear();
        await BootstrapAsync(master, "finished_automation", "off");
        Assert.Empty(notices);
        await using var automation = await server.OpenAsync("finished_automation");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => automation.RunAsync(ProbeSql.Create("a test"))));
        // It holds nothing any more that would keep it.
        await master.RunAsync("DROP ROLE finished_automation");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("On")]
    [InlineData("yes")]
    public async Task Bootstrap_AnotherValue_IsRefusedBeforeAnythingIsMade(string value)
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => BootstrapAsync(master, "refused_automation", value));

        Assert.Equal((PostgresErrorCodes.InvalidParameterValue, $"automation.tests_failover must be on or off, not \"{value}\""), (refusal.SqlState, refusal.MessageText));
        Assert.Equal(false, await master.ScalarAsync("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'refused_automation')"));
    }

    // With and without what PUBLIC may do in every database: PostgreSQL warns in the one case, and refuses in the other.
    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_ByWhoDoesNotOwnTheDatabase_NamesWhatTheOwnerMustRun(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("foreign_owner", "secret", "", None);
        foreach (var (database, isPublic) in new[] { ("foreign_open", true), ("foreign_closed", false) })
        {
            var role = $"{database}_automation";
            await server.ExecuteAsync($"CREATE DATABASE {database} OWNER foreign_owner", None);
            await using var master = await server.OpenMasterAsync(database);
            await BootstrapAsync(master, role, "off");
            await server.ExecuteAsync($"GRANT CONNECT ON DATABASE {database} TO {role}", None);
            if (!isPublic) await server.ExecuteAsync($"REVOKE ALL ON DATABASE {database} FROM PUBLIC", None);

            var refusal = await Assert.ThrowsAsync<PostgresException>(() => BootstrapAsync(master, role, "on"));

            Assert.Equal(
                (PostgresErrorCodes.InsufficientPrivilege, $"\"postgres\" may not let \"{role}\" create schemas in the database \"{database}\""),
                (refusal.SqlState, refusal.MessageText));
            var grant = $"GRANT CREATE ON DATABASE {database} TO {role}";
            Assert.Equal($"Its owner must first run: {grant}", refusal.Hint);
            // And that is enough.
            await using var owner = await server.OpenAsync("foreign_owner", "secret", database);
            await owner.RunAsync(grant);
            await BootstrapAsync(master, role, "on");

            // What is still there is not said to be gone.
            var notices = Notices(master);
            await BootstrapAsync(master, role, "off");
            Assert.Contains($"WARNING: \"postgres\" may not take back from \"{role}\": CREATE on the database \"{database}\"", notices);
            Assert.DoesNotContain(notices, notice => notice.StartsWith("NOTICE", StringComparison.Ordinal));
        }
    }

    // From 16 on nothing is said of the last slots.
    private static List<string> Notices(NpgsqlConnection session)
    {
        var notices = new List<string>();
        session.Notice += (_, e) =>
        {
            if (!e.Notice.MessageText.StartsWith("before version 16 ", StringComparison.Ordinal)) notices.Add($"{e.Notice.Severity}: {e.Notice.MessageText}");
        };
        return notices;
    }

    private static async Task BootstrapAsync(NpgsqlConnection session, string role, string tests)
    {
        await session.ScalarAsync("SELECT set_config('automation.role', $1, false), set_config('automation.tests_failover', $2, false)", role, tests);
        await session.RunAsync(AutomationRole.BootstrapSql);
    }
}
