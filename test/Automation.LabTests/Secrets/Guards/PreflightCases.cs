using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;
using Automation.LabTests.Wire;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>Everything that would stop a rotation half-way, made real; by the name of what is wrong.</summary>
internal sealed record PreflightCase(string Reason, SecretKind Kind)
{
    /// <summary>Statements of the superuser; <c>{user}</c> is in use, <c>{next}</c> gets the password, <c>{administrator}</c> sets it.</summary>
    public string Sql { get; init; } = "";

    /// <summary>Other members of the secret, from its own.</summary>
    public Func<Dictionary<string, object?>, Dictionary<string, object?>> Members { get; init; } = members => members;

    /// <summary>What else is different.</summary>
    public Func<RotationAccount, RotationSecret, Task> Arrange { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether it is seen before a socket is opened.</summary>
    public bool BeforeASocket { get; init; }

    public static IReadOnlyDictionary<string, PreflightCase> All { get; } = new Dictionary<string, PreflightCase>
    {
        ["the role is in rds_iam"] = new("rds-iam-member", SecretKind.SingleUser) { Sql = "GRANT rds_iam TO {user}" },
        ["the role is in rds_iam through another"] = new("rds-iam-member", SecretKind.AdministratorByIam) { Sql = "CREATE ROLE {user}_group IN ROLE rds_iam; GRANT {user}_group TO {user}" },
        ["the other role is in rds_iam"] = new("rds-iam-member", SecretKind.AlternatingByIam) { Sql = "GRANT rds_iam TO {next}" },
        ["NOLOGIN"] = new("no-login", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} NOLOGIN" },
        ["the other role is NOLOGIN"] = new("no-login", SecretKind.AlternatingBySecret) { Sql = "ALTER ROLE {next} NOLOGIN" },
        ["VALID UNTIL has passed"] = new("expired", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} VALID UNTIL '2020-01-01'" },
        ["the other role's VALID UNTIL has passed"] = new("expired", SecretKind.AlternatingByIam) { Sql = "ALTER ROLE {next} VALID UNTIL '2020-01-01'" },
        ["read-only sessions"] = new("read-only", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} SET default_transaction_read_only = on" },
        ["the administrator's sessions are read-only"] = new("read-only", SecretKind.AdministratorBySecret) { Sql = "ALTER ROLE {administrator} SET default_transaction_read_only = on" },
        ["rds.restrict_password_commands"] = new("password-commands-restricted", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} SET \"rds.restrict_password_commands\" = 'on'" },
        ["rds.restrict_password_commands for the administrator"] = new("password-commands-restricted", SecretKind.AdministratorBySecret)
        { Sql = "ALTER ROLE {administrator} SET \"rds.restrict_password_commands\" = '1'" },
        ["the administrator has no CREATEROLE"] = new("no-createrole", SecretKind.AdministratorBySecret) { Sql = "ALTER ROLE {administrator} NOCREATEROLE" },
        ["the administrator has no ADMIN OPTION"] = new("no-admin-option", SecretKind.AdministratorBySecret) { Sql = "REVOKE {user} FROM {administrator}" },
        ["the automation has no ADMIN OPTION"] = new("no-admin-option", SecretKind.AdministratorByIam) { Sql = "REVOKE {user} FROM automation" },
        ["the automation has no ADMIN OPTION on the other role"] = new("no-admin-option", SecretKind.AlternatingByIam) { Sql = "REVOKE {next} FROM automation" },
        ["the role is a superuser"] = new("role-is-superuser", SecretKind.AdministratorBySecret) { Sql = "ALTER ROLE {user} SUPERUSER" },
        ["the other role is gone"] = new("role-not-found", SecretKind.AlternatingBySecret) { Sql = "DROP ROLE {next}" },
        ["CONNECTION LIMIT is reached"] = new("no-slots", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} CONNECTION LIMIT 0" },
        ["the administrator's CONNECTION LIMIT is reached"] = new("no-slots", SecretKind.AdministratorBySecret) { Sql = "ALTER ROLE {administrator} CONNECTION LIMIT 0" },
        // The lab's pg_hba.conf asks for SCRAM, which such a password cannot answer; a server that asks for md5: HostileServerTests.
        ["the password is stored as md5"] = new("current-refused", SecretKind.SingleUser) { Sql = "SET password_encryption = 'md5'; ALTER ROLE {user} PASSWORD 'x'" },
        ["the password was changed outside"] = new("current-refused", SecretKind.SingleUser) { Sql = "ALTER ROLE {user} PASSWORD 'another'" },
        ["the database does not exist"] = new("database-error", SecretKind.SingleUser) { Members = members => new(members) { ["dbname"] = "nowhere" } },
        ["nobody listens"] = new("database-unavailable", SecretKind.SingleUser) { Members = members => new(members) { ["port"] = 1 } },

        ["a proxy's endpoint"] = Host("proxy-endpoint", "shop.proxy-abc123.eu-north-1.rds.amazonaws.com"),
        ["a reader endpoint"] = Host("reader-endpoint", "shop.cluster-ro-abc123.eu-north-1.rds.amazonaws.com"),
        ["a role name of 64 bytes"] = Malformed("username", new string('é', 32)),
        ["a pair with a role name of 64 bytes"] = Malformed("usernames", new[] { new string('é', 32), "app" }),
        ["two hosts"] = Malformed("host", "localhost,attacker.example.com"),
        ["a socket's path"] = Malformed("host", "/tmp"),
        ["a password that has no verifier"] = Malformed("password", "pässword"),
        ["RDS owns the secret"] = new("managed-by-service", SecretKind.SingleUser) { Arrange = OwnAsync, BeforeASocket = true },

        ["the administrator's secret is for another host"] = Administrator("administrator-host-differs", """{"host":"attacker.example.com","username":"admin","password":"x"}"""),
        ["the administrator's secret names no host"] = Administrator("administrator-host-differs", """{"username":"admin","password":"x"}"""),
        ["the administrator's secret is none"] = Administrator("administrator-malformed", "not JSON"),
        ["the administrator's password is wrong"] = Administrator("administrator-refused", """{"host":"localhost","username":"automation_admin","password":"x"}"""),
        ["the administrator's secret is not there"] = new("administrator-not-found", SecretKind.AdministratorBySecret)
        {
            Members = members => new(members) { ["masterarn"] = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:nothing-AbCdEf" },
        },

        ["a proxy knows one user of the pair"] = new("proxy-lacks-user", SecretKind.AlternatingByIam) { Arrange = ProxyAsync },
        ["the pair has another limit"] = new("pair-unequal", SecretKind.AlternatingByIam) { Sql = "ALTER ROLE {next} CONNECTION LIMIT 5" },
        ["the pair has other memberships"] = new("pair-unequal", SecretKind.AlternatingByIam) { Sql = "GRANT pg_read_all_data TO {user}" },
        ["the pair has other settings"] = new("pair-unequal", SecretKind.AlternatingBySecret) { Sql = "ALTER ROLE {user} SET work_mem = '5MB'" },
        ["one of the pair acts as itself"] = new("pair-unequal", SecretKind.AlternatingByIam) { Sql = "ALTER ROLE {next} RESET role" },
        ["one of the pair owns a table"] = new("pair-owns-objects", SecretKind.AlternatingByIam) { Sql = "CREATE TABLE {next}_table (id int); ALTER TABLE {next}_table OWNER TO {next}" },
    };

    private static PreflightCase Host(string reason, string host) =>
        new(reason, SecretKind.SingleUser) { Members = members => new(members) { ["host"] = host }, BeforeASocket = true };

    private static PreflightCase Malformed(string member, object value) =>
        new("malformed-secret", SecretKind.SingleUser) { Members = members => new(members) { [member] = value }, BeforeASocket = true };

    private static PreflightCase Administrator(string reason, string value) => new(reason, SecretKind.AdministratorBySecret)
    {
        Arrange = async (account, secret) => await account.Fixture.Aws.SecretsManager.PutSecretValueAsync(
            new PutSecretValueRequest { SecretId = secret.AdministratorArn, SecretString = value }, TestContext.Current.CancellationToken),
    };

    private static Task OwnAsync(RotationAccount account, RotationSecret secret)
    {
        // moto has no managed secrets.
        account.Endpoint.After("secretsmanager", "DescribeSecret", (_, answer, _) => ValueTask.FromResult(answer.WithMember("OwningService", "rds")));
        return Task.CompletedTask;
    }

    private static async Task ProxyAsync(RotationAccount account, RotationSecret secret)
    {
        var test = TestContext.Current.CancellationToken;
        await account.Fixture.Aws.Rds.CreateDBProxyAsync(new CreateDBProxyRequest
        {
            DBProxyName = RotationFixture.NextName(),
            EngineFamily = EngineFamily.POSTGRESQL,
            RoleArn = "arn:aws:iam::123456789012:role/proxy",
            VpcSubnetIds = await Given.SubnetsAsync(account.Fixture.Moto, test, RotationFixture.Region),
            Auth = [new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = secret.Arn, UserName = secret.Users[0], IAMAuth = IAMAuthMode.DISABLED }],
        }, test);
    }
}
