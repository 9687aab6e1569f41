using Npgsql;
using static Automation.LabTests.Postgres.RotatedRolesTests;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/bootstrap.sql</c> with roles in <c>automation.rotates</c> that it must leave alone, or may not give.</summary>
public sealed class RotatedRolesRefusalTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Bootstrap_RoleThatMayNotBeNamed_RefusedAndNothingMade(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync("""
            CREATE ROLE named_superuser LOGIN SUPERUSER;
            CREATE ROLE named_replication LOGIN REPLICATION;
            CREATE ROLE named_creator LOGIN CREATEROLE;
            CREATE ROLE named_master LOGIN;
            GRANT rds_superuser TO named_master;
            CREATE ROLE named_group NOLOGIN;
            CREATE ROLE named_keeper LOGIN;
            GRANT named_group TO named_keeper WITH ADMIN OPTION;
            """, None);
        await using var master = await server.OpenMasterAsync();
        (string Rotates, string Message)[] cases =
        [
            ("named_nobody", "\"named_nobody\" does not exist"),
            ("named_superuser", "\"named_superuser\" is an administrator"),
            ("named_replication", "\"named_replication\" is an administrator"),
            ("named_creator", "\"named_creator\" is an administrator"),
            ("named_master", "\"named_master\" is an administrator"),
            ("named_group", "\"named_group\" does not log in: it has no use for a password"),
            ("named_keeper", "\"named_keeper\" has ADMIN OPTION on another role"),
            ("rdsproxyadmin", "\"rdsproxyadmin\" is a role of PostgreSQL or RDS"),
            ("rds_superuser", "\"rds_superuser\" is a role of PostgreSQL or RDS"),
            ("pg_monitor", "\"pg_monitor\" is a role of PostgreSQL or RDS"),
            (server.MasterUser, $"\"{server.MasterUser}\" is the role that runs this script"),
            ("choosy_automation", "\"choosy_automation\" is the automation's own role, which has no password"),
            ("a,,b", "\"\" is empty"),
        ];
        foreach (var (rotates, message) in cases)
        {
            var refusal = await BootstrapRefusalAsync(master, "choosy_automation", rotates);

            Assert.Equal("22023", refusal.SqlState);
            Assert.Equal($"automation.rotates: {message}", refusal.MessageText);
        }
        Assert.Equal(0L, await master.ScalarAsync("SELECT count(*) FROM pg_roles WHERE rolname = 'choosy_automation'"));
    }

    [Theory, MemberData(nameof(RotatedRolesTests.MajorsWithAdminOption), MemberType = typeof(RotatedRolesTests))]
    public async Task Bootstrap_NamedRoleMadeByAnother_NamesTheMissingAdminOption(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.ExecuteAsync("CREATE ROLE foreign_app LOGIN", None);
        await using var master = await server.OpenMasterAsync();

        var refusal = await BootstrapRefusalAsync(master, "hindered_automation", "foreign_app");

        Assert.Equal("42501", refusal.SqlState);
        Assert.Equal("\"postgres\" may not let \"hindered_automation\" set the password of foreign_app", refusal.MessageText);
        Assert.Equal("A role that has ADMIN OPTION on it must first run: GRANT foreign_app TO postgres WITH ADMIN OPTION", refusal.Hint);
        Assert.Equal(0L, await master.ScalarAsync("SELECT count(*) FROM pg_roles WHERE rolname = 'hindered_automation'"));
        // And that is enough.
        await server.ExecuteAsync("GRANT foreign_app TO postgres WITH ADMIN OPTION", None);
        await BootstrapAsync(master, "hindered_automation", "foreign_app");
    }

    private static Task<PostgresException> BootstrapRefusalAsync(NpgsqlConnection session, string role, string rotates) =>
        Assert.ThrowsAsync<PostgresException>(() => BootstrapAsync(session, role, rotates));
}
