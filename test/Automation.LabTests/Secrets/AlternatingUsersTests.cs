using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Secrets;

/// <summary>Two roles that are one to the application: what one creates, the other uses, alters and drops after the switch.</summary>
[Collection(nameof(RotationFixture))]
public sealed class AlternatingUsersTests(RotationFixture fixture)
{
    [Theory]
    [InlineData(SecretKind.AlternatingByIam)]
    [InlineData(SecretKind.AlternatingBySecret)]
    public async Task Table_CreatedBeforeTheSwitch_IsUsedAndAlteredAndDroppedByTheOtherUser(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var table = $"orders_{secret.Owner}";
        var invoke = account.Warm();

        await RunAsync(account, secret, secret.FirstVersion, secret.Users[0], $"CREATE TABLE {table} (id int); INSERT INTO {table} VALUES (1)");
        var first = await account.RotateAsync(secret, invoke);
        Assert.True(first.Succeeded, first.Error);
        await RunAsync(account, secret, first.Token, secret.Users[1],
            $"INSERT INTO {table} VALUES (2); ALTER TABLE {table} ADD COLUMN note text; CREATE INDEX ON {table} (id); CREATE TABLE {table}_2 ()");
        var second = await account.RotateAsync(secret, invoke);
        Assert.True(second.Succeeded, second.Error);
        await RunAsync(account, secret, second.Token, secret.Users[0], $"UPDATE {table} SET note = ''; DROP TABLE {table}, {table}_2");

        Assert.Equal(await ShapeAsync(secret.Users[0]), await ShapeAsync(secret.Users[1]));
    }

    [Theory]
    [InlineData("ALTER ROLE {0} CONNECTION LIMIT 5", "PairUnequal")]
    [InlineData("ALTER ROLE {0} SET work_mem = '8MB'", "PairUnequal")]
    [InlineData("ALTER ROLE {0} RESET role", "PairUnequal")]
    [InlineData("GRANT pg_monitor TO {0}", "PairUnequal")]
    [InlineData("CREATE SCHEMA AUTHORIZATION {0}", "PairOwnsObjects")]
    [InlineData("ALTER ROLE {0} NOLOGIN", "NoLogin")]
    [InlineData("ALTER ROLE {0} VALID UNTIL '2020-01-01'", "Expired")]
    public async Task CreateSecret_TheOtherRoleIsNotAlike_IsRefusedBeforeAnythingIsStored(string statement, string errorType)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AlternatingByIam);
        await fixture.SqlAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, secret.Users[1]));
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        var answer = await RotationAccount.StepAsync(secret, token, "createSecret", account.Cold());

        Assert.Equal(errorType, answer.ErrorType);
        Assert.Null(await account.ValueAsync(secret, token));
    }

    private async Task RunAsync(RotationAccount account, RotationSecret secret, string version, string expectedUser, string sql)
    {
        var value = (await account.ValueAsync(secret, version))!;
        Assert.Equal(expectedUser, value.Username);
        await using var connection = new NpgsqlConnection(fixture.Database.Login(value.Username, value.Password.Value, "shop").ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.RunAsync(sql);
    }

    /// <summary>Attributes, memberships and settings of a role, and what it owns.</summary>
    private async Task<object?> ShapeAsync(string role)
    {
        await using var admin = await fixture.Database.Server.OpenAdminAsync(TestContext.Current.CancellationToken);
        return await admin.ScalarAsync("""
            SELECT (to_jsonb(a) - 'oid' - 'rolname' - 'rolpassword')::text
                || coalesce((SELECT string_agg((to_jsonb(m) - 'oid' - 'member')::text, ',' ORDER BY roleid) FROM pg_auth_members m WHERE member = a.oid), '')
                || coalesce((SELECT string_agg(setdatabase || setconfig::text, ',' ORDER BY setdatabase) FROM pg_db_role_setting WHERE setrole = a.oid), '')
                || (SELECT count(*) FROM pg_shdepend WHERE refobjid = a.oid AND deptype = 'o')
            FROM pg_authid a WHERE rolname = $1
            """, role);
    }
}
