using Automation.Lab.Postgres;
using Automation.Secrets;
using Npgsql;
using static Automation.LabTests.Postgres.Sessions;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> with <c>automation.rotates</c>: the automation sets the passwords of the named roles.</summary>
public sealed class RotatedRolesTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    public static TheoryData<int> MajorsWithAdminOption => [.. PostgresPackage.Majors.Where(major => major >= 16)];

    public static TheoryData<int> MajorsBefore => [.. PostgresPackage.Majors.Where(major => major < 16)];

    [Theory, MemberData(nameof(Majors))]
    public async Task Automation_NamedRoles_SetsTheirPasswords(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        string[] apps = ["turned_a", "turned \"b\" ünï"];
        foreach (var app in apps) await master.RunAsync($"CREATE ROLE {Quoted(app)} LOGIN PASSWORD 'before'");

        await BootstrapAsync(master, "turning_automation", $" {apps[0]} ,{apps[1]}, {apps[0]}");

        await using var automation = await server.OpenAsync("turning_automation");
        foreach (var app in apps)
        {
            await SetPasswordAsync(automation, app, "after");
            await (await server.OpenAsync(app, "after")).DisposeAsync();
            Assert.Equal(PostgresErrorCodes.InvalidPassword, await RefusalAsync(() => server.OpenAsync(app, "before")));
        }
    }

    [Theory, MemberData(nameof(MajorsWithAdminOption))]
    public async Task Automation_From16On_SetsNoOtherPassword(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE bound_app LOGIN; CREATE ROLE unnamed_app LOGIN PASSWORD 'kept'");
        await BootstrapAsync(master, "bound_automation", "bound_app");
        await using var automation = await server.OpenAsync("bound_automation");

        foreach (var other in (string[])["unnamed_app", server.MasterUser, "rdsproxyadmin", "rdsadmin"])
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => SetPasswordAsync(automation, other, "taken")));
        }
        await (await server.OpenAsync("unnamed_app", "kept")).DisposeAsync();
    }

    // What the script warns of is true.
    [Theory, MemberData(nameof(MajorsBefore))]
    public async Task Automation_Before16_CouldSetAnyPasswordButASuperusers(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE boundless_app LOGIN; CREATE ROLE bystander_app LOGIN PASSWORD 'kept'");
        var notices = Notices(master);

        await BootstrapAsync(master, "boundless_automation", "boundless_app");

        Assert.Contains("WARNING: before version 16 \"boundless_automation\" can now set the password of every role that is not a superuser, "
            + "not only of boundless_app", notices);
        await using var automation = await server.OpenAsync("boundless_automation");
        await SetPasswordAsync(automation, "bystander_app", "taken");
        await (await server.OpenAsync("bystander_app", "taken")).DisposeAsync();
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => SetPasswordAsync(automation, "rdsadmin", "taken")));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Automation_NamedRole_HasNoneOfItsRights(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE private_app LOGIN");
        await BootstrapAsync(master, "discreet_automation", "private_app");

        await using var automation = await server.OpenAsync("discreet_automation");

        Assert.Equal(false, await automation.ScalarAsync("SELECT pg_has_role('private_app', 'USAGE')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => automation.RunAsync("SET ROLE private_app")));
        Assert.Equal(major >= 16, await automation.ScalarAsync("SELECT pg_has_role('private_app', 'MEMBER WITH ADMIN OPTION')"));
        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_has_role('rds_password', 'MEMBER')"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RunAgainWithTheNames_SaysNothingNew(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE steady_app LOGIN");
        await BootstrapAsync(master, "steady_automation", "steady_app");
        await using var admin = await server.OpenAdminAsync(None);
        var before = await RightsAsync(admin, "steady_automation");
        var notices = Notices(master);

        await BootstrapAsync(master, "steady_automation", "steady_app");

        Assert.Equal(before, await RightsAsync(admin, "steady_automation"));
        // Before 16 it warns each time, and of the last slots.
        Assert.Equal(major >= 16 ? 0 : 2, notices.Count);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RunAgainWithoutTheNames_TakesEverythingBack(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE released_app LOGIN PASSWORD 'kept'");
        await BootstrapAsync(master, "released_automation", null);
        await using var admin = await server.OpenAdminAsync(None);
        var before = await RightsAsync(admin, "released_automation");
        await BootstrapAsync(master, "released_automation", "released_app");
        Assert.NotEqual(before, await RightsAsync(admin, "released_automation"));
        var notices = Notices(master);

        await BootstrapAsync(master, "released_automation", null);

        Assert.Equal(before, await RightsAsync(admin, "released_automation"));
        Assert.DoesNotContain(notices, notice => notice.StartsWith("WARNING", StringComparison.Ordinal));
        Assert.Contains("NOTICE: taken back from \"released_automation\": setting the password of released_app; CREATEROLE", notices);
        notices.Clear();
        await BootstrapAsync(master, "released_automation", null);
        Assert.DoesNotContain(notices, notice => notice.Contains("taken back", StringComparison.Ordinal));
        await using var automation = await server.OpenAsync("released_automation");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => SetPasswordAsync(automation, "released_app", "taken")));
        await (await server.OpenAsync("released_app", "kept")).DisposeAsync();
    }

    [Theory, MemberData(nameof(MajorsWithAdminOption))]
    public async Task Bootstrap_FewerNames_TakesBackTheRest(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE staying_app LOGIN; CREATE ROLE \"leaving app\" LOGIN");
        await BootstrapAsync(master, "fewer_automation", "staying_app, leaving app");
        var notices = Notices(master);

        await BootstrapAsync(master, "fewer_automation", "staying_app");

        Assert.Equal(["NOTICE: taken back from \"fewer_automation\": setting the password of \"leaving app\""], notices);
        await using var automation = await server.OpenAsync("fewer_automation");
        await SetPasswordAsync(automation, "staying_app", "after");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(() => SetPasswordAsync(automation, "leaving app", "after")));
    }

    [Theory, MemberData(nameof(MajorsWithAdminOption))]
    public async Task Bootstrap_NamedRolesRightsGivenByAnother_SaysHowToTakeThemBack(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE lent_app LOGIN");
        await BootstrapAsync(master, "lent_automation", "lent_app");
        await server.ExecuteAsync("GRANT lent_app TO lent_automation WITH INHERIT TRUE", None);
        var notices = Notices(master);

        await BootstrapAsync(master, "lent_automation", "lent_app");

        Assert.Equal(["WARNING: \"lent_automation\" has rights that the automation does not need. "
            + "To take them back: REVOKE lent_app FROM lent_automation GRANTED BY rdsadmin"], notices);
    }

    [Fact]
    public async Task Bootstrap_ServerWithoutRdsPassword_DoesWithoutIt()
    {
        await using var server = await postgres.StartOwnAsync();
        await server.ExecuteAsync("DROP ROLE rds_password", None);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE plain_app LOGIN");

        await BootstrapAsync(master, "plain_automation", "plain_app");
        await using (var automation = await server.OpenAsync("plain_automation"))
        {
            await SetPasswordAsync(automation, "plain_app", "after");
        }

        await (await server.OpenAsync("plain_app", "after")).DisposeAsync();
        await BootstrapAsync(master, "plain_automation", null);
    }

    internal static Task BootstrapAsync(NpgsqlConnection session, string role, string? rotates) =>
        AutomationRole.CreateAsync(session, role, null, rotates is null ? [] : [rotates], None);

    /// <summary>As RotateSecret does it: the server quotes, and gets only the verifier.</summary>
    internal static async Task SetPasswordAsync(NpgsqlConnection session, string role, string password) => await session.RunAsync(
        (string)(await session.ScalarAsync("SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, ScramVerifier.Of(new Concealed(password))))!);

    internal static string Quoted(string role) => new NpgsqlCommandBuilder().QuoteIdentifier(role);

    internal static List<string> Notices(NpgsqlConnection session)
    {
        var notices = new List<string>();
        session.Notice += (_, e) => notices.Add($"{e.Notice.Severity}: {e.Notice.MessageText}");
        return notices;
    }

    /// <summary>Attributes, comment and memberships with their options: a line each.</summary>
    private static Task<string[]> RightsAsync(NpgsqlConnection admin, string role) => admin.StringsAsync("""
        WITH it AS (SELECT * FROM pg_authid WHERE rolname = $1)
        SELECT to_jsonb(it)::text FROM it
        UNION ALL SELECT 'comment ' || coalesce(shobj_description(oid, 'pg_authid'), 'none') FROM it
        UNION ALL SELECT 'membership ' || (to_jsonb(m) - 'oid')::text FROM pg_auth_members m JOIN it ON it.oid = m.member
        ORDER BY 1
        """, role);
}
