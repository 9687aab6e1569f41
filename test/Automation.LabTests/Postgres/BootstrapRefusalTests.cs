using System.Globalization;
using Automation.Lab.Postgres;
using Npgsql;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> where something is in its way: it repairs what it may, else says what and who.</summary>
public sealed class BootstrapRefusalTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RoleExistsWithOtherAttributes_Repaired(int major)
    {
        var server = await postgres.ServerAsync(major);
        const string Role = "neglected_automation";
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync($"""
            CREATE ROLE {Role} NOLOGIN NOINHERIT CREATEDB CREATEROLE CONNECTION LIMIT 0 PASSWORD 'x' VALID UNTIL '2001-01-01';
            ALTER ROLE {Role} SET statement_timeout = 0;
            GRANT pg_monitor TO {Role}{(major >= 16 ? " WITH INHERIT FALSE, SET TRUE" : "")};
            SET automation.adopt = 'on';
            """);

        await AutomationRole.CreateAsync(master, Role, null, None);

        await using var automation = await server.OpenAsync(Role);
        Assert.Equal("15s", await automation.ScalarAsync("SELECT current_setting('statement_timeout')"));
        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_has_role('pg_read_all_stats', 'USAGE')"));
        Assert.Equal(false, await automation.ScalarAsync("SELECT rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RoleHasMoreThanItNeeds_SaysHowToTakeItBack(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE spoiled_automation; GRANT rds_password TO spoiled_automation; SET automation.adopt = 'on'");
        var notices = Notices(master);

        await AutomationRole.CreateAsync(master, "spoiled_automation", null, None);

        var grantor = major >= 16 ? " GRANTED BY rds_superuser" : "";
        Assert.Contains("WARNING: \"spoiled_automation\" has rights that the automation does not need. "
            + $"To take them back: REVOKE rds_password FROM spoiled_automation{grantor}", notices);
        // What it printed is what a person can run.
        await master.RunAsync($"REVOKE rds_password FROM spoiled_automation{grantor}");
        notices.Clear();
        await AutomationRole.CreateAsync(master, "spoiled_automation", null, None);
        Assert.DoesNotContain(notices, notice => notice.StartsWith("WARNING", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SUPERUSER")]
    [InlineData("REPLICATION")]
    [InlineData("BYPASSRLS")]
    public async Task Bootstrap_RoleHasMoreThanTheMasterUser_Refused(string attribute)
    {
        var role = $"foreign_{attribute.ToLowerInvariant()}";
        var server = await postgres.ServerAsync();
        await server.ExecuteAsync($"CREATE ROLE {role} {attribute}", None);
        await using var master = await server.OpenMasterAsync();

        var refusal = await RefusalAsync(master, role);

        Assert.Equal($"role \"{role}\" exists and is a superuser or has REPLICATION or BYPASSRLS", refusal.MessageText);
    }

    [Theory, InlineData(16), InlineData(17), InlineData(18)]
    public async Task Bootstrap_RoleMadeByAnother_NamesTheMissingAdminOption(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync("CREATE ROLE elsewhere_automation", None);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("SET automation.adopt = 'on'");

        var refusal = await RefusalAsync(master, "elsewhere_automation");

        Assert.Equal("42501", refusal.SqlState);
        Assert.Contains("GRANT elsewhere_automation TO postgres WITH ADMIN OPTION", refusal.Hint, StringComparison.Ordinal);
        // And that is enough.
        await server.ExecuteAsync("GRANT elsewhere_automation TO postgres WITH ADMIN OPTION", None);
        await AutomationRole.CreateAsync(master, "elsewhere_automation", null, None);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RunnerMayNotCreateRoles_Refused(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync("powerless", "secret", "", None);
        await using var powerless = await server.OpenAsync("powerless", "secret");

        var refusal = await RefusalAsync(powerless, "never_made");

        Assert.Equal("42501", refusal.SqlState);
        Assert.StartsWith("\"powerless\" may not create or change the role \"never_made\"", refusal.MessageText, StringComparison.Ordinal);
    }

    [Theory, InlineData(16), InlineData(17), InlineData(18)]
    public async Task Bootstrap_RunnerMayGrantOnlySome_NamesExactlyTheOthers(int major)
    {
        var server = await postgres.ServerAsync(major);
        string[] grants = ["rds_iam", "pg_monitor", "pg_signal_backend", "pg_use_reserved_connections"];
        for (var held = 0; held < 1 << grants.Length; held++)
        {
            var runner = string.Create(CultureInfo.InvariantCulture, $"runner_{held}");
            var role = string.Create(CultureInfo.InvariantCulture, $"partial_{held}");
            await server.CreateLoginAsync(runner, "secret", "CREATEROLE", None);
            var missing = new List<string>();
            for (var i = 0; i < grants.Length; i++)
            {
                if ((held >> i & 1) == 1) await server.ExecuteAsync($"GRANT {grants[i]} TO {runner} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", None);
                else missing.Add(grants[i]);
            }
            await using var session = await server.OpenAsync(runner, "secret");
            var notices = Notices(session);
            var reserveMissing = missing.Remove("pg_use_reserved_connections");

            if (missing.Count > 0)
            {
                var refusal = await RefusalAsync(session, role);
                Assert.Equal("42501", refusal.SqlState);
                Assert.Equal($"\"{runner}\" may not grant {string.Join(", ", missing)} to \"{role}\"", refusal.MessageText);
                Assert.Equal(
                    missing.Select(grant => $"A role that has ADMIN OPTION on it must first run: GRANT {grant} TO {runner} WITH ADMIN OPTION"),
                    refusal.Hint!.Split('\n'));
                Assert.Equal(0L, await session.ScalarAsync("SELECT count(*) FROM pg_roles WHERE rolname = $1", role));
                continue;
            }
            await AutomationRole.CreateAsync(session, role, null, None);
            string[] expected = reserveMissing
                ? [$"WARNING: \"{runner}\" may not grant pg_use_reserved_connections to \"{role}\": it will not get in when only reserved slots are left"]
                : [];
            Assert.Equal(expected, notices);
        }
    }

    [Theory]
    [InlineData("postgres", null, "automation.role must name a role of the automation's own, of at most 63 bytes, not \"postgres\"")]
    [InlineData("rdsadmin", null, "automation.role must name a role of the automation's own, of at most 63 bytes, not \"rdsadmin\"")]
    [InlineData("pg_monitor", null, "automation.role must name a role of the automation's own, of at most 63 bytes, not \"pg_monitor\"")]
    // 32 characters, 64 bytes: PostgreSQL would cut it.
    [InlineData("éééééééééééééééééééééééééééééééé", null,
        "automation.role must name a role of the automation's own, of at most 63 bytes, not \"éééééééééééééééééééééééééééééééé\"")]
    [InlineData("choosy", "pg_write_all_data", "automation.reserved_role must be rds_superuser or rds_reserved, not \"pg_write_all_data\"")]
    public async Task Bootstrap_BadSetting_NamesIt(string role, string? reservedRole, string message)
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();

        var refusal = await RefusalAsync(master, role, reservedRole);

        Assert.Equal("22023", refusal.SqlState);
        Assert.Equal(message, refusal.MessageText);
    }

    [Fact]
    public async Task Bootstrap_BadAdopt_NamesIt()
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("SET automation.adopt = 'yes'");

        var refusal = await RefusalAsync(master, "choosy");

        Assert.Equal("22023", refusal.SqlState);
        Assert.Equal("automation.adopt must be on or off, not \"yes\"", refusal.MessageText);
    }

    [Fact]
    public async Task Bootstrap_OwnRoleNamed_Refused()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("self", "secret", "CREATEROLE", None);
        await using var session = await server.OpenAsync("self", "secret");

        Assert.Equal("automation.role is \"self\", the role that runs this script", (await RefusalAsync(session, "self")).MessageText);
    }

    [Fact]
    public async Task Bootstrap_NoRdsIam_WarnsAndGrantsTheRest()
    {
        await using var server = await postgres.StartOwnAsync();
        await server.ExecuteAsync("DROP ROLE rds_iam", None);
        await using var master = await server.OpenMasterAsync();
        var notices = Notices(master);

        await AutomationRole.CreateAsync(master, "plain_automation", null, None);

        Assert.Contains("WARNING: there is no role rds_iam: this is not RDS, and IAM tokens do not log in here", notices);
        await using var admin = await server.OpenAdminAsync(None);
        Assert.Contains("pg_monitor", await BootstrapTests.MembershipsAsync(admin, "plain_automation"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_PublicMayNotConnect_RoleMay(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using (var master = await server.OpenMasterAsync())
        {
            await master.RunAsync("CREATE DATABASE closed");
            await master.RunAsync("REVOKE ALL ON DATABASE closed FROM PUBLIC");
        }
        await using (var inside = await server.OpenMasterAsync("closed"))
        {
            await AutomationRole.CreateAsync(inside, "let_in_automation", null, None);
        }

        await using var automation = await server.OpenAsync("let_in_automation", database: "closed");
        Assert.Equal("closed", await automation.ScalarAsync("SELECT current_database()::text"));
    }

    private static List<string> Notices(NpgsqlConnection session)
    {
        var notices = new List<string>();
        session.Notice += (_, e) => notices.Add($"{e.Notice.Severity}: {e.Notice.MessageText}");
        return notices;
    }

    private static Task<PostgresException> RefusalAsync(NpgsqlConnection session, string role, string? reservedRole = null) =>
        Assert.ThrowsAsync<PostgresException>(() => AutomationRole.CreateAsync(session, role, reservedRole, None));
}
