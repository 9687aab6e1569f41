using System.Security.Cryptography;
using Automation.Lab;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Secrets;

/// <summary>What a secret is rotated by.</summary>
public enum SecretKind
{
    SingleUser,

    /// <summary>Two roles; the automation's own role sets their passwords.</summary>
    AlternatingByIam,

    /// <summary>Two roles; the role of <c>masterarn</c> sets their passwords.</summary>
    AlternatingBySecret,

    /// <summary>The automation's own role sets the password.</summary>
    AdministratorByIam,

    /// <summary>The role of <c>masterarn</c> sets the password.</summary>
    AdministratorBySecret,
}

/// <summary>A secret with its roles on the server.</summary>
internal sealed record RotationSecret
{
    public required string Arn { get; init; }
    public required SecretKind Kind { get; init; }

    /// <summary>The version that was there first, and its password.</summary>
    public required string FirstVersion { get; init; }
    public required string FirstPassword { get; init; }

    /// <summary>The user of the first version, and with alternating users the other one.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>The owner role of alternating users.</summary>
    public string? Owner { get; init; }

    /// <summary>The role of <c>masterarn</c>, its password and its secret.</summary>
    public string? Administrator { get; init; }
    public string? AdministratorPassword { get; init; }
    public string? AdministratorArn { get; init; }

    public bool IsAlternating => Users.Count > 1;

    /// <summary>The role that the first rotation sets a password of.</summary>
    public string NextUser => Users[^1];

    public static async Task<RotationSecret> CreateAsync(
        RotationFixture fixture, SecretKind kind, Func<Dictionary<string, object?>, Dictionary<string, object?>> change)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var name = RotationFixture.NextName();
        var password = NewPassword();
        var isPair = kind is SecretKind.AlternatingByIam or SecretKind.AlternatingBySecret;
        string[] users = isPair ? [name + "_a", name + "_b"] : [name];
        var owner = isPair ? name + "_owner" : null;
        var administrator = kind switch
        {
            SecretKind.AlternatingBySecret or SecretKind.AdministratorBySecret => name + "_admin",
            SecretKind.AlternatingByIam or SecretKind.AdministratorByIam => LabInstance.AutomationUser,
            _ => null,
        };
        var members = new Dictionary<string, object?>
        {
            ["engine"] = "postgres",
            ["host"] = RotationFixture.Host,
            ["port"] = fixture.Database.Gate.Port,
            ["dbname"] = "postgres",
            ["username"] = users[0],
            ["password"] = password,
            ["team"] = "orders",
        };
        if (isPair) members["usernames"] = users;
        string? administratorPassword = null, administratorArn = null;
        await using (var admin = await fixture.Database.Server.OpenAdminAsync(cancellation))
        {
            // What the server logs is searched for passwords: not for those of a person who makes roles.
            await admin.RunAsync("SET log_statement = 'none'");
            // Two grants on one schema at the same time fail; the lock ends with the session.
            await admin.RunAsync("SELECT pg_advisory_lock(0)");
            if (owner is not null) await admin.RunAsync($"CREATE ROLE {owner} NOLOGIN; GRANT CREATE ON SCHEMA public TO {owner}");
            foreach (var user in users)
            {
                await admin.RunAsync($"CREATE ROLE {user} LOGIN PASSWORD '{(user == users[0] ? password : NewPassword())}'");
                if (owner is not null) await admin.RunAsync($"GRANT {owner} TO {user}; ALTER ROLE {user} SET role = {owner}");
            }
            if (administrator == name + "_admin")
            {
                administratorPassword = NewPassword();
                await admin.RunAsync($"CREATE ROLE {administrator} LOGIN CREATEROLE PASSWORD '{administratorPassword}'");
                administratorArn = await fixture.StoreAsync(administrator, new Dictionary<string, object?>
                {
                    ["host"] = RotationFixture.Host,
                    ["username"] = administrator,
                    ["password"] = administratorPassword,
                });
                members["masterarn"] = administratorArn;
            }
            else if (kind == SecretKind.AdministratorByIam) members["administrator"] = "iam";
            if (administrator is not null)
                foreach (var user in users) await admin.RunAsync($"GRANT {user} TO {administrator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE");
        }
        var arn = await fixture.StoreAsync(name, change(members));
        var described = await fixture.Aws.SecretsManager.DescribeSecretAsync(new() { SecretId = arn }, cancellation);
        return new RotationSecret
        {
            Arn = arn,
            Kind = kind,
            FirstVersion = described.VersionIdsToStages.Keys.Single(),
            FirstPassword = password,
            Users = users,
            Owner = owner,
            Administrator = administratorArn is null ? null : administrator,
            AdministratorPassword = administratorPassword,
            AdministratorArn = administratorArn,
        };
    }

    public static string NewPassword() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string NewToken() => Guid.NewGuid().ToString();
}
