using Automation.Lab.Postgres;
using Npgsql;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> where a role of that name exists and was not made by it.</summary>
public sealed class BootstrapStrangerTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RoleOfAStranger_RefusedAndLeftAsItWas(int major)
    {
        var server = await postgres.ServerAsync(major);
        const string Role = "stranger";
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync($"""
            CREATE ROLE {Role} LOGIN CREATEDB CONNECTION LIMIT 50 PASSWORD 'known' VALID UNTIL '2100-01-01';
            ALTER ROLE {Role} SET statement_timeout = '1h';
            COMMENT ON ROLE {Role} IS 'the shop''s; not rds-automation: ever';
            GRANT rds_password TO {Role};
            """);
        await using var admin = await server.OpenAdminAsync(None);
        var before = await EverythingAboutAsync(admin, Role);

        var refusal = await RefusalAsync(master, Role);

        Assert.Equal("22023", refusal.SqlState);
        Assert.Equal("role \"stranger\" exists and was not made by this script: it may be somebody else's, who would lose its password",
            refusal.MessageText);
        Assert.Equal("Choose another name: SET automation.role = '...'. "
            + "Or, when this role really is meant for the automation: SET automation.adopt = 'on'.", refusal.Hint);
        Assert.Equal(before, await EverythingAboutAsync(admin, Role));
        await using var shop = await server.OpenAsync(Role, "known");
        Assert.Equal("1h", await shop.ScalarAsync("SELECT current_setting('statement_timeout')"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_StrangerAdopted_IsTheAutomationsFromThenOn(int major)
    {
        var server = await postgres.ServerAsync(major);
        const string Role = "prepared_automation";
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync($"CREATE ROLE {Role} LOGIN PASSWORD 'known'; SET automation.adopt = 'on'");

        await AutomationRole.CreateAsync(master, Role, null, None);

        await using var admin = await server.OpenAdminAsync(None);
        Assert.Contains("rds_iam", await BootstrapTests.MembershipsAsync(admin, Role));
        Assert.Equal(true, await admin.ScalarAsync("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = $1", Role));
        // It carries the mark now: later runs need no leave.
        await master.RunAsync("RESET automation.adopt");
        await AutomationRole.CreateAsync(master, Role, null, None);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_StrangerOwnsSomething_RefusedEvenToAdopt(int major)
    {
        var server = await postgres.ServerAsync(major);
        const string Role = "landlord", Elsewhere = "landlords";
        await server.CreateLoginAsync(Role, "known", "", None);
        // A database and what is in it: none of it is in the database that the script runs in.
        await server.ExecuteAsync($"CREATE DATABASE {Elsewhere} OWNER {Role}", None);
        await using (var app = await server.OpenAsync(Role, "known", Elsewhere))
        {
            await app.RunAsync("CREATE SCHEMA shop CREATE TABLE customers (name text)");
        }
        await using var admin = await server.OpenAdminAsync(None);
        var before = await EverythingAboutAsync(admin, Role);
        await using var master = await server.OpenMasterAsync();

        foreach (var adopt in (string[])["off", "on"])
        {
            await master.RunAsync($"SET automation.adopt = '{adopt}'");
            var refusal = await RefusalAsync(master, Role);

            Assert.Equal("22023", refusal.SqlState);
            Assert.Equal("role \"landlord\" exists and owns objects (3 on this server): the automation's role owns nothing", refusal.MessageText);
            Assert.Equal("Choose another name: SET automation.role = '...'.", refusal.Hint);
        }
        Assert.Equal(before, await EverythingAboutAsync(admin, Role));
        await (await server.OpenAsync(Role, "known", Elsewhere)).DisposeAsync();
    }

    /// <summary>Attributes with the password's hash, comment, settings, memberships both ways: a line each.</summary>
    private static Task<string[]> EverythingAboutAsync(NpgsqlConnection admin, string role) => admin.StringsAsync("""
        WITH it AS (SELECT * FROM pg_authid WHERE rolname = $1)
        SELECT to_jsonb(it)::text FROM it
        UNION ALL SELECT 'comment ' || coalesce(shobj_description(oid, 'pg_authid'), 'none') FROM it
        UNION ALL SELECT 'settings ' || s.setconfig::text FROM pg_db_role_setting s JOIN it ON s.setrole = it.oid
        UNION ALL SELECT 'membership ' || to_jsonb(m)::text FROM pg_auth_members m JOIN it ON it.oid IN (m.member, m.roleid)
        ORDER BY 1
        """, role);

    private static Task<PostgresException> RefusalAsync(NpgsqlConnection session, string role) =>
        Assert.ThrowsAsync<PostgresException>(() => AutomationRole.CreateAsync(session, role, null, None));
}
