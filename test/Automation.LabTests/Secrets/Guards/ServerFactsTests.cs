using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Secrets;
using Npgsql;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>What a session finds out about its server and itself, on every major version, whatever its role's settings are.</summary>
public sealed class ServerFactsTests(PostgresFixture postgres)
{
    public static TheoryData<int> Majors => PostgresFixture.Majors;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Majors))]
    public async Task Server_AskedByAnOrdinaryRole_IsAWriterOfItsVersion(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("srv_plain");

        var (facts, _) = await server.FactsAsync("srv_plain", "srv_plain");

        Assert.Equal((false, false, major, "srv_plain"), (facts.IsStandby, facts.IsReadOnly, facts.Major, facts.We));
        Assert.Equal((false, false, false, false), (facts.RestrictsPasswordCommands, facts.WeAreInRdsPassword, facts.WeAreSuperuser, facts.WeHaveCreateRole));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Server_WhatWeAre_IsRead(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("we_super", "SUPERUSER");
        await server.CreateRoleAsync("we_creator", "CREATEROLE");
        await server.CreateRoleAsync("we_setter", "IN ROLE rds_password");
        await server.ExecuteAsync("CREATE ROLE we_group IN ROLE rds_password", Test);
        await server.CreateRoleAsync("we_far", "IN ROLE we_group");

        async Task<(bool, bool, bool)> WhatAsync(string role)
        {
            var (facts, _) = await server.FactsAsync(role, role);
            return (facts.WeAreSuperuser, facts.WeHaveCreateRole, facts.WeAreInRdsPassword);
        }

        Assert.Equal((true, false, false), await WhatAsync("we_super"));
        Assert.Equal((false, true, false), await WhatAsync("we_creator"));
        Assert.Equal((false, false, true), await WhatAsync("we_setter"));
        Assert.Equal((false, false, true), await WhatAsync("we_far"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Server_RestrictsPasswordCommands_IsReadHoweverItIsWritten(int major)
    {
        var server = await postgres.ServerAsync(major);
        var expected = new Dictionary<string, bool> { ["on"] = true, ["1"] = true, ["true"] = true, ["off"] = false, ["0"] = false, ["false"] = false, [""] = false };
        await server.CreateRoleAsync("restrict_asker");
        foreach (var (text, restricts) in expected)
        {
            await server.ExecuteAsync($"ALTER ROLE restrict_asker SET \"rds.restrict_password_commands\" = '{text}'", Test);
            Assert.Equal((text, restricts), (text, (await server.FactsAsync("restrict_asker", "restrict_asker")).Server.RestrictsPasswordCommands));
        }
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Server_ReadOnlySessions_AreSeen(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("reads_asker");
        await server.ExecuteAsync("ALTER ROLE reads_asker SET default_transaction_read_only = on", Test);

        var (facts, _) = await server.FactsAsync("reads_asker", "reads_asker");

        Assert.Equal((true, false), (facts.IsReadOnly, facts.IsStandby));
    }

    /// <summary>
    /// A role that the secret's owner prepared: it acts as another from its login on, and has its own functions, tables and
    /// operators where the catalog's are looked up. Neither the driver nor we may meet them.
    /// </summary>
    [Theory, MemberData(nameof(Majors))]
    public async Task Server_RoleWithItsOwnCatalog_IsNotBelieved(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync(TrapSql, Test);
        await server.CreateRoleAsync("trap_asker", "IN ROLE trap_owner");
        await server.ExecuteAsync("ALTER ROLE trap_asker SET search_path = trap, pg_catalog; ALTER ROLE trap_asker SET role = trap_owner", Test);
        // The driver's own questions about types meet the trap before ours: our library asks none.
        var likeOurs = new NpgsqlDataSourceBuilder(server.Connection("trap_asker", RoleSessions.Password).ConnectionString);
        likeOurs.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        await using (var source = likeOurs.Build())
        await using (var sprung = await source.OpenConnectionAsync(Test))
            Assert.Equal(true, await sprung.ScalarAsync("SELECT pg_is_in_recovery() AND current_user = 'trap_owner'"));
        var before = await ScalarAsync(server, "SELECT count(*) FROM trap.sprung");
        Assert.Equal(1L, before);

        var (facts, role) = await server.FactsAsync("trap_asker", "trap_asker");

        Assert.Equal((false, major, "trap_asker", false), (facts.IsStandby, facts.Major, facts.We, facts.WeAreSuperuser));
        Assert.Equal(("trap_owner", false, false), (role!.ActsAs, role.InRdsIam, role.IsSuperuser));
        Assert.Equal(before, await ScalarAsync(server, "SELECT count(*) FROM trap.sprung"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_RoleWithItsOwnCatalog_ChangesItsOwnAndSpringsNothing(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync(TrapSql.Replace("trap", "snare", StringComparison.Ordinal), Test);
        await server.CreateRoleAsync("snare_asker", "IN ROLE snare_owner");
        await server.ExecuteAsync("ALTER ROLE snare_asker SET search_path = snare, pg_catalog; ALTER ROLE snare_asker SET role = snare_owner", Test);
        var verifier = ScramVerifier.Of(PasswordGenerator.Next());
        var others = await server.FingerprintAsync("snare_", except: "snare_asker");

        await using (var session = await server.OpenRoleAsync("snare_asker"))
        {
            Assert.True(RoleSessions.Answer(await session.LockAsync("snare_asker", Test)));
            Assert.True(RoleSessions.Answer(await session.SetPasswordAsync("snare_asker", verifier, Test)));
        }

        Assert.Equal(verifier, await server.StoredPasswordAsync("snare_asker"));
        Assert.Equal(others, await server.FingerprintAsync("snare_", except: "snare_asker"));
        Assert.Equal(0L, await ScalarAsync(server, "SELECT count(*) FROM snare.sprung"));
    }

    private static async Task<object?> ScalarAsync(PostgresServer server, string sql)
    {
        await using var admin = await server.OpenAdminAsync(Test);
        return await admin.ScalarAsync(sql);
    }

    // Whatever of these is called says so, or lies.
    private const string TrapSql = """
        CREATE ROLE trap_owner;
        CREATE SCHEMA trap;
        CREATE TABLE trap.sprung (by text);
        CREATE FUNCTION trap.spring(by text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO trap.sprung VALUES (by); SELECT true';
        CREATE FUNCTION trap.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT trap.spring($1)::text';
        CREATE FUNCTION trap.current_setting(text, boolean) RETURNS text LANGUAGE sql AS 'SELECT trap.spring($1)::text';
        CREATE FUNCTION trap.pg_has_role(name, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT trap.spring($3)';
        CREATE FUNCTION trap.hashtextextended(text, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT trap.spring($1)::int::bigint';
        CREATE FUNCTION trap.pg_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT trap.spring($1::text)';
        CREATE FUNCTION trap.same(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT trap.spring($1::text)';
        CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.same);
        CREATE VIEW trap.pg_roles AS SELECT 0::oid AS oid, 'trap_asker'::name AS rolname, true AS rolsuper, trap.spring('pg_roles') AS rolcreaterole;
        CREATE VIEW trap.pg_auth_members AS SELECT 0::oid AS member, 0::oid AS roleid, trap.spring('pg_auth_members') AS admin_option;
        CREATE VIEW trap.pg_type AS SELECT trap.spring('pg_type') AS typname;
        GRANT USAGE ON SCHEMA trap TO PUBLIC;
        GRANT SELECT ON ALL TABLES IN SCHEMA trap TO PUBLIC;
        """;
}
