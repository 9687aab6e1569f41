using Automation.Lab.Setup;
using Npgsql;
using static Automation.LabTests.Postgres.RotatedRolesTests;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/alternating-users.sql</c> as the RDS-like master user runs it: two logins that work as one owner.</summary>
public sealed class AlternatingUsersTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Script = Repository.Read("sql/alternating-users.sql");

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Pair_WhatOneMakes_BelongsToTheOwnerAndIsTheOthersToo(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await RunAsync(master, "shared \"öwner\"", "shared_a", "shared b");
        await master.RunAsync($"GRANT CREATE ON DATABASE postgres TO {Quoted("shared \"öwner\"")}");
        await BootstrapAsync(master, "pairing_automation", "shared_a, shared b");
        await using (var automation = await server.OpenAsync("pairing_automation"))
        {
            await SetPasswordAsync(automation, "shared_a", "secret a");
            await SetPasswordAsync(automation, "shared b", "secret b");
        }

        await using (var a = await server.OpenAsync("shared_a", "secret a"))
        {
            await a.RunAsync("CREATE SCHEMA shared CREATE TABLE orders (id int)");
        }
        await using var b = await server.OpenAsync("shared b", "secret b");

        Assert.Equal("shared \"öwner\"", await b.ScalarAsync("SELECT current_user::text"));
        Assert.Equal("shared b", await b.ScalarAsync("SELECT session_user::text"));
        await b.RunAsync("INSERT INTO shared.orders VALUES (1); ALTER TABLE shared.orders ADD COLUMN name text; CREATE TABLE shared.more (id int)");
        Assert.Equal(["shared \"öwner\"", "shared \"öwner\""],
            await b.StringsAsync("SELECT tableowner::text FROM pg_tables WHERE schemaname = 'shared'"));
        await using (var a = await server.OpenAsync("shared_a", "secret a")) await a.RunAsync("DROP SCHEMA shared CASCADE");
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Pair_IsEqualInAllButItsName(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("SET automation.connection_limit = '40'");
        await RunAsync(master, "equal_owner", "equal_a", "equal_b");

        await using var admin = await server.OpenAdminAsync(None);
        var a = await EverythingAboutAsync(admin, "equal_a");

        Assert.Equal(a, await EverythingAboutAsync(admin, "equal_b"));
        Assert.Contains("settings {role=equal_owner}", a);
        Assert.Equal("login=true limit=40 password=none attributes=false", await admin.ScalarAsync("""
            SELECT format('login=%s limit=%s password=%s attributes=%s', rolcanlogin::text, rolconnlimit, coalesce(rolpassword, 'none'),
                (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)::text)
            FROM pg_authid WHERE rolname = 'equal_a'
            """));
        Assert.Equal(false, await admin.ScalarAsync("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'equal_owner'"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Script_RunTwice_ChangesNothingAndNoPassword(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await RunAsync(master, "again_owner", "again_a", "again_b");
        await SetPasswordAsync(master, "again_a", "kept");
        await using var admin = await server.OpenAdminAsync(None);
        var before = await EverythingAboutAsync(admin, "again_a");
        var notices = Notices(master);

        await RunAsync(master, "again_owner", "again_a", "again_b");

        Assert.Empty(notices);
        Assert.Equal(before, await EverythingAboutAsync(admin, "again_a"));
        await (await server.OpenAsync("again_a", "kept")).DisposeAsync();
        Assert.NotEqual("none", await master.ScalarAsync("SHOW client_min_messages"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Script_SpoiledPair_Repaired(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await RunAsync(master, "spoilt_owner", "spoilt_a", "spoilt_b");
        await using var admin = await server.OpenAdminAsync(None);
        var before = await EverythingAboutAsync(admin, "spoilt_b");
        await master.RunAsync("ALTER ROLE spoilt_b NOLOGIN CREATEDB CONNECTION LIMIT 1; ALTER ROLE spoilt_b RESET role; REVOKE spoilt_owner FROM spoilt_b");

        await RunAsync(master, "spoilt_owner", "spoilt_a", "spoilt_b");

        Assert.Equal(before, await EverythingAboutAsync(admin, "spoilt_b"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Script_NameThatIsSomethingElse_RefusedAndNothingChanged(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE taken_login LOGIN PASSWORD 'known'; CREATE ROLE taken_group NOLOGIN");
        await server.ExecuteAsync("CREATE ROLE taken_superuser NOLOGIN SUPERUSER", None);
        await RunAsync(master, "taken_owner", "taken_a", "taken_b");
        await master.RunAsync("GRANT CREATE ON DATABASE postgres TO taken_a; CREATE SCHEMA taken_things");
        await server.ExecuteAsync("ALTER SCHEMA taken_things OWNER TO taken_a", None);
        var before = await RolesAsync(master);
        (string Owner, string A, string B, string Message)[] cases =
        [
            ("fresh_owner", "taken_login", "fresh_b", "role \"taken_login\" exists and was not made by this script for this owner"),
            ("fresh_owner", "fresh_a", "taken_group", "role \"taken_group\" exists and was not made by this script for this owner"),
            ("fresh_owner", "taken_b", "fresh_b", "role \"taken_b\" exists and was not made by this script for this owner"),
            ("taken_owner", "taken_a", "taken_b", "role \"taken_a\" owns objects, which belong to the owner"),
            ("taken_login", "fresh_a", "fresh_b", "role \"taken_login\" exists and logs in: an owner does not"),
            ("taken_superuser", "fresh_a", "fresh_b", "role \"taken_superuser\" exists and is an administrator"),
            ("fresh_owner", server.MasterUser, "fresh_b", "role \"postgres\" is a role of PostgreSQL or RDS"),
            ("rds_superuser", "fresh_a", "fresh_b", "role \"rds_superuser\" is a role of PostgreSQL or RDS"),
            ("fresh_owner", "pg_monitor", "fresh_b", "role \"pg_monitor\" is a role of PostgreSQL or RDS"),
            ("fresh_owner", "éééééééééééééééééééééééééééééééé", "fresh_b", "role \"éééééééééééééééééééééééééééééééé\" is longer than 63 bytes"),
            ("", "fresh_a", "fresh_b", "role \"\" is empty"),
            ("fresh_owner", "fresh_a", "fresh_a",
                "automation.users must name two roles, and automation.owner a third, not \"fresh_a, fresh_a\" and \"fresh_owner\""),
            ("fresh_a", "fresh_a", "fresh_b", "automation.users must name two roles, and automation.owner a third, not \"fresh_a, fresh_b\" and \"fresh_a\""),
        ];
        foreach (var (owner, a, b, message) in cases)
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(master, owner, a, b));

            Assert.Equal(("22023", message), (refusal.SqlState, refusal.MessageText));
        }
        Assert.Equal(before, await RolesAsync(master));
        await (await server.OpenAsync("taken_login", "known")).DisposeAsync();
    }

    [Fact]
    public async Task Script_WithoutSettings_SaysWhatItNeeds()
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => master.RunAsync(Script));

        Assert.Equal("automation.users must name two roles, and automation.owner a third, not \"\" and \"\"", refusal.MessageText);
    }

    [Fact]
    public async Task Script_BadConnectionLimit_NamesIt()
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("SET automation.connection_limit = 'many'");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(master, "limited_owner", "limited_a", "limited_b"));

        Assert.Equal("automation.connection_limit must be a number, or -1, not \"many\"", refusal.MessageText);
    }

    // A group role that a team has anyway becomes the owner as it is; from 16 on its maker must let the runner grant it.
    [Theory, MemberData(nameof(MajorsWithAdminOption), MemberType = typeof(RotatedRolesTests))]
    public async Task Script_OwnerMadeByAnother_NamesTheMissingAdminOption(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync("CREATE ROLE theirs_owner NOLOGIN", None);
        await using var master = await server.OpenMasterAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(master, "theirs_owner", "theirs_a", "theirs_b"));

        Assert.Equal("42501", refusal.SqlState);
        Assert.Equal("A role that has ADMIN OPTION on them must first run: GRANT theirs_owner, theirs_a TO postgres WITH ADMIN OPTION", refusal.Hint);
        await server.ExecuteAsync("GRANT theirs_owner TO postgres WITH ADMIN OPTION", None);
        await RunAsync(master, "theirs_owner", "theirs_a", "theirs_b");
    }

    private static async Task RunAsync(NpgsqlConnection session, string owner, string a, string b)
    {
        await session.ScalarAsync("SELECT set_config('automation.owner', $1, false), set_config('automation.users', $2, false)", owner, $"{a}, {b}");
        await session.RunAsync(Script);
    }

    private static Task<string[]> RolesAsync(NpgsqlConnection session) =>
        session.StringsAsync("SELECT to_jsonb(r)::text FROM pg_roles r WHERE rolname ~ '^(taken|fresh)_' ORDER BY rolname");

    /// <summary>Attributes with the password's hash, comment, settings and memberships, without name and ids: a line each.</summary>
    private static Task<string[]> EverythingAboutAsync(NpgsqlConnection admin, string role) => admin.StringsAsync("""
        WITH it AS (SELECT * FROM pg_authid WHERE rolname = $1)
        SELECT (to_jsonb(it) - 'oid' - 'rolname')::text FROM it
        UNION ALL SELECT 'comment ' || coalesce(shobj_description(oid, 'pg_authid'), 'none') FROM it
        UNION ALL SELECT 'settings ' || s.setconfig::text FROM pg_db_role_setting s JOIN it ON s.setrole = it.oid
        UNION ALL SELECT 'membership ' || (to_jsonb(m) - 'oid' - 'member')::text FROM pg_auth_members m JOIN it ON it.oid = m.member
        ORDER BY 1
        """, role);
}
