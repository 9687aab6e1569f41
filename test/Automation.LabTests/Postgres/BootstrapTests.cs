using Automation.Lab.Postgres;
using Npgsql;
using static Automation.LabTests.Postgres.Sessions;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> as the RDS-like master user runs it: what the role then is.</summary>
public sealed class BootstrapTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RunTwice_RoleHasExactlyWhatItNeeds(int major)
    {
        var server = await postgres.ServerAsync(major);
        const string Role = "exact automation";
        await AutomationRole.CreateAsync(server, Role, None);
        await AutomationRole.CreateAsync(server, Role, None);

        await using var admin = await server.OpenAdminAsync(None);
        string[] wanted = major >= 16
            ? ["pg_monitor", "pg_signal_backend", "pg_use_reserved_connections", "rds_iam"]
            : ["pg_monitor", "pg_signal_backend", "rds_iam"];
        Assert.Equal(wanted, await MembershipsAsync(admin, Role));
        Assert.Equal("login=true inherit=true super=false createdb=false createrole=false replication=false bypassrls=false limit=10 password=none",
            await admin.ScalarAsync("""
                SELECT format('login=%s inherit=%s super=%s createdb=%s createrole=%s replication=%s bypassrls=%s limit=%s password=%s',
                    rolcanlogin::text, rolinherit::text, rolsuper::text, rolcreatedb::text, rolcreaterole::text, rolreplication::text,
                    rolbypassrls::text, rolconnlimit, coalesce(rolpassword, 'none'))
                FROM pg_authid WHERE rolname = $1
                """, Role));
        string[] settings = major >= 14
            ? ["idle_in_transaction_session_timeout=10s", "idle_session_timeout=5min", "lock_timeout=2s", "search_path=pg_catalog, pg_temp", "statement_timeout=15s"]
            : ["idle_in_transaction_session_timeout=10s", "lock_timeout=2s", "search_path=pg_catalog, pg_temp", "statement_timeout=15s"];
        Assert.Equal(settings, await admin.StringsAsync(
            "SELECT setting FROM pg_db_role_setting, unnest(setconfig) setting WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = $1) ORDER BY 1", Role));
        Assert.Equal(0L, await admin.ScalarAsync("""
            SELECT count(*) FROM pg_auth_members WHERE admin_option AND member = (SELECT oid FROM pg_roles WHERE rolname = $1)
            """, Role));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RunTwice_SecondRunSaysNothingNew(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await AutomationRole.CreateAsync(master, "quiet_automation", null, None);

        var notices = new List<string>();
        master.Notice += (_, e) => notices.Add($"{e.Notice.Severity}: {e.Notice.MessageText}");
        await AutomationRole.CreateAsync(master, "quiet_automation", null, None);

        string[] expected = major >= 16
            ? []
            : ["NOTICE: before version 16 no role but rds_superuser reaches reserved slots: see \"The last slots\" in this script"];
        Assert.Equal(expected, notices);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_AnotherUsersSessions_AllVisible(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "seeing_automation", None);
        await server.CreateLoginAsync("seen_app", "secret", "", None);
        await using var app = await server.OpenAsync("seen_app", "secret");
        await app.RunAsync("SELECT 'seen'");

        await using var automation = await server.OpenAsync("seeing_automation");

        Assert.Equal("idle", await automation.ScalarAsync("SELECT state FROM pg_stat_activity WHERE pid = $1 AND query = 'SELECT ''seen'''", app.ProcessID));
        Assert.Equal(0L, await automation.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE backend_type IS NULL"));
        // A role without the grant sees rows it cannot read: the check above can fail.
        Assert.NotEqual(0L, await app.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE backend_type IS NULL"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_OrdinarySession_IsTerminated(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "ending_automation", None);
        await server.CreateLoginAsync("ended_app", "secret", "", None);
        await using var app = await server.OpenAsync("ended_app", "secret");
        await using var automation = await server.OpenAsync("ending_automation");

        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_terminate_backend($1)", app.ProcessID));

        // The next statement meets the end of the session: with its message, or with the connection already closed.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => app.RunAsync("SELECT 1"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_SuperuserSession_IsNotTerminated(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "harmless_automation", None);
        await using var admin = await server.OpenAdminAsync(None);
        await using var automation = await server.OpenAsync("harmless_automation");

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
            await RefusalAsync(() => automation.ScalarAsync("SELECT pg_terminate_backend($1)", admin.ProcessID)));

        Assert.Equal(1, await admin.ScalarAsync("SELECT 1"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_ApplicationsDatabase_NothingReadNothingMade(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "blind_automation", None);
        await server.CreateLoginAsync("owner_app", "secret", "", None);
        await server.ExecuteAsync("CREATE DATABASE orders OWNER owner_app", None);
        await server.ExecuteAsync("REVOKE ALL ON DATABASE orders FROM PUBLIC", None);
        await server.ExecuteAsync("GRANT CONNECT ON DATABASE orders TO PUBLIC", None);
        await using (var inside = await server.OpenAdminAsync("orders", None))
        {
            await inside.RunAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            await inside.RunAsync("GRANT CREATE ON SCHEMA public TO owner_app");
        }
        await using (var app = await server.OpenAsync("owner_app", "secret", "orders"))
        {
            await app.RunAsync("CREATE TABLE public.customers AS SELECT 'Ada' AS name");
        }

        await using var automation = await server.OpenAsync("blind_automation", database: "orders");

        string[] forbidden =
        [
            "SELECT * FROM public.customers", "INSERT INTO public.customers VALUES ('x')", "DROP TABLE public.customers",
            "CREATE TABLE public.mine (id int)", "CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE ROLE mine", "CREATE DATABASE mine",
            "SET ROLE owner_app", "ALTER ROLE blind_automation CREATEROLE", "GRANT rds_superuser TO blind_automation",
            "SELECT pg_read_file('postgresql.conf')", "COPY (SELECT 1) TO PROGRAM 'cat'",
        ];
        var answers = new List<string>();
        foreach (var statement in forbidden) answers.Add($"{await RefusalAsync(() => automation.RunAsync(statement))} {statement}");
        Assert.Equal(forbidden.Select(statement => $"42501 {statement}"), answers);
    }

    // Before 16 a member may always SET ROLE; the script cannot take that away.
    [Theory, InlineData(16), InlineData(17), InlineData(18)]
    public async Task Role_RolesItBelongsTo_CannotBecomeThem(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "fixed_automation", None);
        await using var automation = await server.OpenAsync("fixed_automation");

        Assert.Equal("42501", await RefusalAsync(() => automation.RunAsync("SET ROLE pg_monitor")));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_PasswordLogin_Refused(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE passworded_automation LOGIN PASSWORD 'known'");
        await (await server.OpenAsync("passworded_automation", "known")).DisposeAsync();
        await master.RunAsync("SET automation.adopt = 'on'");
        await AutomationRole.CreateAsync(master, "passworded_automation", null, None);

        // Out of rds_iam the server asks for the password again: there must be none.
        await master.RunAsync("REVOKE rds_iam FROM passworded_automation");

        Assert.Equal(PostgresErrorCodes.InvalidPassword, await RefusalAsync(() => server.OpenAsync("passworded_automation", "known")));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SelfTest_AfterBootstrap_SaysWhatTheServerAllows(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "tested_automation", None);
        await using var automation = await server.OpenAsync("tested_automation");

        var full = major >= 16 ? "ok" : "keep the applications below the limit: ALTER DATABASE ... CONNECTION LIMIT";
        Assert.Equal(
            ["sees-every-session: ok", "ends-sessions: ok", $"enters-when-full: {full}", "logs-in-with-iam: ok", "holds-nothing-more: ok"],
            await SelfTestAsync(automation));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SelfTest_RoleWithoutGrants_NamesEachMissingOne(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("bare", "secret", "CREATEDB", None);
        await using var bare = await server.OpenAsync("bare", "secret");

        var full = major >= 16
            ? "GRANT pg_use_reserved_connections TO bare"
            : "keep the applications below the limit: ALTER DATABASE ... CONNECTION LIMIT";
        Assert.Equal(
            [
                "sees-every-session: GRANT pg_monitor TO bare", "ends-sessions: GRANT pg_signal_backend TO bare", $"enters-when-full: {full}",
                "logs-in-with-iam: GRANT rds_iam TO bare", "holds-nothing-more: run sql/bootstrap.sql again and revoke what it points out",
            ],
            await SelfTestAsync(bare));
    }

    /// <remarks>
    /// Whom RDS hides even from pg_monitor, plain PostgreSQL does not: a view in front of the real one does it here.
    /// </remarks>
    [Theory]
    [MemberData(nameof(Majors))]
    public async Task SelfTest_SessionsHiddenDespiteTheGrant_OnlyRdsadminsAreNoBlindness(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, "hidden_automation", None);
        await using var automation = await server.OpenAsync("hidden_automation");
        await using var rds = await server.OpenAdminAsync(None);
        await using var master = await server.OpenMasterAsync();

        string[] hidden = [PostgresDataFolder.AdminUser, server.MasterUser];
        var answers = new List<string>();
        foreach (var role in hidden)
        {
            await automation.RunAsync($"""
                CREATE OR REPLACE TEMPORARY VIEW pg_stat_activity AS
                    SELECT usename, CASE WHEN usename IS DISTINCT FROM '{role}' THEN backend_type END AS backend_type
                    FROM pg_catalog.pg_stat_activity;
                SET search_path = pg_temp, pg_catalog;
                """);
            Assert.NotEqual(0L, await automation.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE backend_type IS NULL"));
            answers.Add((await SelfTestAsync(automation))[0]);
        }

        Assert.Equal(["sees-every-session: ok", "sees-every-session: GRANT pg_monitor TO hidden_automation"], answers);
    }

    internal static Task<string[]> MembershipsAsync(NpgsqlConnection admin, string role) => admin.StringsAsync("""
        SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
        WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = $1) ORDER BY 1
        """, role);

    internal static Task<string[]> SelfTestAsync(NpgsqlConnection session) => session.StringsAsync(
        $"SELECT name || ': ' || CASE WHEN ok THEN 'ok' ELSE what_to_do END FROM ({AutomationRole.SelfTestSql.Replace(";", "", StringComparison.Ordinal)}) t");
}
