using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>What the catalog says of roles, on every major version, read by a role that may do nothing.</summary>
public sealed class RoleFactsTests(PostgresFixture postgres)
{
    public static TheoryData<int> Majors => PostgresFixture.Majors;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_Attributes_AreRead(int major)
    {
        var server = await PrepareAsync(major, "attr");
        await server.ExecuteAsync("""
            CREATE ROLE attr_plain LOGIN;
            CREATE ROLE attr_nologin NOLOGIN;
            CREATE ROLE attr_expired LOGIN VALID UNTIL '2020-01-01';
            CREATE ROLE attr_valid LOGIN VALID UNTIL '2999-01-01';
            CREATE ROLE attr_forever LOGIN VALID UNTIL 'infinity';
            CREATE ROLE attr_super LOGIN SUPERUSER;
            CREATE ROLE attr_much LOGIN NOINHERIT CREATEDB CREATEROLE REPLICATION BYPASSRLS CONNECTION LIMIT 7;
            """, Test);

        var facts = await ReadAsync(server, "attr_asker",
            "attr_plain", "attr_nologin", "attr_expired", "attr_valid", "attr_forever", "attr_super", "attr_much", "attr_nobody");

        Assert.Equal(7, facts.Roles.Count);
        Assert.Null(facts.Role("attr_nobody"));
        Assert.Equal(["attr_nologin"], Named(facts, role => !role.CanLogIn));
        Assert.Equal(["attr_expired"], Named(facts, role => role.Expired));
        Assert.Equal(["attr_super"], Named(facts, role => role.IsSuperuser));
        Assert.Equal(["attr_much"], Named(facts, role => role.MayReplicate));
        Assert.Empty(Named(facts, role => role.InRdsIam || role.WeHaveAdminOption || role.ActsAs is not null || role.OwnedObjects > 0));
        Assert.Equal("CONNECTION LIMIT -1", facts.Role("attr_plain")!.Attributes);
        Assert.Equal("SUPERUSER CONNECTION LIMIT -1", facts.Role("attr_super")!.Attributes);
        Assert.Equal("NOINHERIT CREATEROLE CREATEDB REPLICATION BYPASSRLS CONNECTION LIMIT 7", facts.Role("attr_much")!.Attributes);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_InRdsIam_IsFoundAtAnyDistanceAndNotInASuperuser(int major)
    {
        var server = await PrepareAsync(major, "iam");
        await server.ExecuteAsync("""
            CREATE ROLE iam_direct LOGIN; GRANT rds_iam TO iam_direct;
            CREATE ROLE iam_group; GRANT rds_iam TO iam_group;
            CREATE ROLE iam_subgroup; GRANT iam_group TO iam_subgroup;
            CREATE ROLE iam_far LOGIN NOINHERIT; GRANT iam_subgroup TO iam_far;
            CREATE ROLE iam_other LOGIN; GRANT rds_password TO iam_other;
            CREATE ROLE iam_super LOGIN SUPERUSER;
            """, Test);

        var facts = await ReadAsync(server, "iam_asker", "iam_direct", "iam_group", "iam_far", "iam_other", "iam_super");

        Assert.Equal(["iam_direct", "iam_far", "iam_group"], Named(facts, role => role.InRdsIam));
    }

    // From 16 on whoever creates a role is made its member, without its rights: the master user, who made the automation's role,
    // still logs in with a password.
    [Theory, MemberData(nameof(Majors))]
    public async Task Role_CreatorOfAnIamRole_IsNotInRdsIam(int major)
    {
        var server = await PrepareAsync(major, "maker");
        // As RDS has its master user (RdsRoles); the server's own is granted more by other tests.
        await server.CreateRoleAsync("maker_master", "CREATEROLE");
        if (major >= 16) await server.ExecuteAsync("GRANT rds_iam TO maker_master WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", Test);
        await using (var master = await server.OpenAsync("maker_master", RoleSessions.Password))
        {
            await master.RunAsync("CREATE ROLE maker_login LOGIN");
            await master.RunAsync("GRANT rds_iam TO maker_login");
        }

        var facts = await ReadAsync(server, "maker_asker", "maker_master", "maker_login");

        Assert.Equal(["maker_login"], Named(facts, role => role.InRdsIam));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_AdminOption_IsOursHoweverFarAndNobodyElses(int major)
    {
        var server = await PrepareAsync(major, "opt");
        await server.ExecuteAsync("""
            CREATE ROLE opt_ours LOGIN; GRANT opt_ours TO opt_asker WITH ADMIN OPTION;
            CREATE ROLE opt_far LOGIN; CREATE ROLE opt_group; GRANT opt_far TO opt_group WITH ADMIN OPTION; GRANT opt_group TO opt_asker;
            CREATE ROLE opt_member LOGIN; GRANT opt_member TO opt_asker;
            CREATE ROLE opt_theirs LOGIN; CREATE ROLE opt_other; GRANT opt_theirs TO opt_other WITH ADMIN OPTION;
            """, Test);

        var facts = await ReadAsync(server, "opt_asker", "opt_ours", "opt_far", "opt_member", "opt_theirs");

        Assert.Equal(["opt_far", "opt_ours"], Named(facts, role => role.WeHaveAdminOption));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_MembershipsSettingsAndOwner_AreRead(int major)
    {
        var server = await PrepareAsync(major, "pair");
        await server.ExecuteAsync("CREATE ROLE \"pair Öwner\"; CREATE ROLE pair_reports; CREATE ROLE pair_a LOGIN; CREATE ROLE pair_b LOGIN", Test);
        foreach (var name in (string[])["pair_a", "pair_b"])
            await server.ExecuteAsync($"GRANT \"pair Öwner\", pair_reports TO {name}; ALTER ROLE {name} SET role = 'pair Öwner'; ALTER ROLE {name} SET work_mem = '5MB'", Test);
        var twins = await ReadAsync(server, "pair_asker", "pair_a", "pair_b");
        await server.ExecuteAsync("""
            GRANT pair_reports TO pair_b WITH ADMIN OPTION;
            ALTER ROLE pair_b IN DATABASE template1 SET role = pair_reports;
            """, Test);
        var apart = await ReadAsync(server, "pair_asker", "pair_a", "pair_b");

        var (first, second) = (twins.Role("pair_a")!, twins.Role("pair_b")!);
        Assert.Equal("pair Öwner", first.ActsAs);
        Assert.Equal(["pair Öwner", "pair_reports"], first.MemberOf.Order(StringComparer.Ordinal));
        Assert.Equal(["0 role=pair Öwner", "0 work_mem=5MB"], first.Settings);
        Assert.Equal((first.ActsAs, first.Attributes), (second.ActsAs, second.Attributes));
        Assert.Equal(first.Memberships, second.Memberships);
        Assert.Equal(first.Settings, second.Settings);
        Assert.Null(PairRules.Check(twins, ["pair_a", "pair_b"]));

        Assert.NotEqual(apart.Role("pair_a")!.Memberships, apart.Role("pair_b")!.Memberships);
        Assert.Equal(3, apart.Role("pair_b")!.Settings.Count);
        Assert.Equal("pair Öwner", apart.Role("pair_b")!.ActsAs);
        Assert.Equal("pair-unequal", PairRules.Check(apart, ["pair_a", "pair_b"])?.Reason);
    }

    // What the client asks for in any database belongs to the whole server's list of dependencies.
    [Theory, MemberData(nameof(Majors))]
    public async Task Role_OwnedObjects_AreCountedInEveryDatabase(int major)
    {
        var server = await PrepareAsync(major, "own");
        await server.ExecuteAsync("CREATE ROLE own_here LOGIN; CREATE ROLE own_there LOGIN; CREATE ROLE own_acl LOGIN", Test);
        await server.ExecuteAsync("CREATE TABLE own_table (id int); ALTER TABLE own_table OWNER TO own_here; GRANT SELECT ON own_table TO own_acl", Test);
        await using (var elsewhere = await server.OpenAdminAsync("template1", Test))
            await elsewhere.RunAsync("CREATE FUNCTION own_function() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION own_function() OWNER TO own_there");

        var facts = await ReadAsync(server, "own_asker", "own_here", "own_there", "own_acl");

        Assert.Equal(["own_here", "own_there"], Named(facts, role => role.OwnedObjects > 0));
        await using var again = await server.OpenAdminAsync("template1", Test);
        await again.RunAsync("DROP FUNCTION own_function()");
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Role_AskedByOthers_IsTheSameRole(int major)
    {
        var server = await PrepareAsync(major, "same");
        await AutomationRole.CreateAsync(server, "same_automation", Test);
        await server.CreateRoleAsync("same_super", "SUPERUSER");
        await server.ExecuteAsync("CREATE ROLE same_role LOGIN CREATEDB; GRANT rds_iam, rds_password TO same_role", Test);

        var expected = (await ReadAsync(server, "same_asker", "same_role")).Role("same_role")!;
        // The lab's own IAM users come in by trust, which our library refuses: the statements alone are asked as the automation.
        await using var automation = await server.OpenAsync("same_automation");
        var byAutomation = (await RoleFactsReader.ReadAsync(automation, ["same_role"], Test)).Role("same_role")!;
        var bySuperuser = (await ReadAsync(server, "same_super", "same_role")).Role("same_role")!;

        Assert.True(expected.InRdsIam);
        Assert.Equivalent(expected, byAutomation, strict: true);
        Assert.Equivalent(expected with { WeHaveAdminOption = true }, bySuperuser, strict: true);
    }

    private async Task<PostgresServer> PrepareAsync(int major, string prefix)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync(prefix + "_asker");
        return server;
    }

    private static async Task<ServerFacts> ReadAsync(PostgresServer server, string asker, params string[] roles)
    {
        await using var session = await server.OpenRoleAsync(asker);
        return RoleSessions.Answer(await session.ReadFactsAsync(roles, Test));
    }

    private static IEnumerable<string> Named(ServerFacts facts, Func<RoleFacts, bool> has) =>
        facts.Roles.Where(has).Select(role => role.Name).Order(StringComparer.Ordinal);
}
