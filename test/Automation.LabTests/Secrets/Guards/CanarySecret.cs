using System.Security.Cryptography;
using System.Text.Json;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>Words that nobody else says: whoever finds one knows where it came from.</summary>
internal sealed record Canaries
{
    /// <summary>Passwords and tokens: nobody may ever find one.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>Names of roles: the server's own log may have them.</summary>
    public List<string> Names { get; } = [];

    public string Password() => Keep(Secrets, "CanaryPassword");

    public string RotationToken() => Keep(Secrets, "CanaryRotationToken-");

    public string User() => Keep(Names, "canary_user_");

    private static string Keep(List<string> words, string kind)
    {
        var word = kind + RandomNumberGenerator.GetHexString(24, lowercase: true);
        words.Add(word);
        return word;
    }
}

/// <summary>A secret of canaries, with its role on the server of the test.</summary>
internal static class CanarySecret
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>A role and its secret; with an administrator by IAM, by a secret of its own, or none.</summary>
    public static async Task<RotationSecret> CreateCanaryAsync(this RotationFixture fixture, CanaryServer server, Canaries canaries, SecretKind kind)
    {
        var (user, password) = (canaries.User(), canaries.Password());
        string[] users = kind == SecretKind.AlternatingByIam ? [user, canaries.User()] : [user];
        var members = new Dictionary<string, object?>
        {
            ["engine"] = "postgres",
            ["host"] = RotationFixture.Host,
            ["port"] = server.Port,
            ["username"] = user,
            ["password"] = password,
        };
        string? administrator = null, administratorPassword = null, administratorArn = null;
        await using var admin = await server.Server.OpenAdminAsync(Test);
        // A client that sends a password in its statement has it in the log: these send the verifier.
        foreach (var name in users)
            await admin.RunAsync($"CREATE ROLE {name} LOGIN PASSWORD '{Automation.Secrets.ScramVerifier.Of(new(password))}'");
        if (users.Length > 1)
        {
            var owner = canaries.User();
            members["usernames"] = users;
            await admin.RunAsync($"CREATE ROLE {owner}");
            foreach (var name in users) await admin.RunAsync($"GRANT {owner} TO {name}; ALTER ROLE {name} SET role = {owner}");
        }
        if (kind == SecretKind.AdministratorByIam) members["administrator"] = "iam";
        if (kind == SecretKind.AdministratorBySecret)
        {
            (administrator, administratorPassword) = (canaries.User(), canaries.Password());
            await admin.RunAsync($"CREATE ROLE {administrator} LOGIN CREATEROLE PASSWORD '{Automation.Secrets.ScramVerifier.Of(new(administratorPassword))}'");
            members["masterarn"] = administratorArn = await fixture.StoreAsync(
                RotationFixture.NextName(), new Dictionary<string, object?> { ["host"] = RotationFixture.Host, ["username"] = administrator, ["password"] = administratorPassword });
        }
        if (kind != SecretKind.SingleUser)
            foreach (var name in users) await admin.RunAsync($"GRANT {name} TO {administrator ?? "automation"} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE");
        var arn = await fixture.StoreAsync(RotationFixture.NextName(), members);
        return new RotationSecret
        {
            Arn = arn,
            Kind = kind,
            FirstVersion = (await fixture.Aws.SecretsManager.DescribeSecretAsync(new() { SecretId = arn }, Test)).VersionIdsToStages.Keys.Single(),
            FirstPassword = password,
            Users = users,
            Administrator = administrator,
            AdministratorPassword = administratorPassword,
            AdministratorArn = administratorArn,
        };
    }

    /// <summary>The current value with members changed, or without them where they are <c>null</c>, as its owner could write it.</summary>
    public static async Task ChangeAsync(this RotationFixture fixture, RotationSecret secret, params (string Name, object? Value)[] members)
    {
        var current = await fixture.Aws.SecretsManager.GetSecretValueAsync(new() { SecretId = secret.Arn, VersionStage = "AWSCURRENT" }, Test);
        var json = JsonSerializer.Deserialize<Dictionary<string, object?>>(current.SecretString)!;
        foreach (var (name, value) in members) json[name] = value;
        await fixture.Aws.SecretsManager.PutSecretValueAsync(new() { SecretId = secret.Arn, SecretString = JsonSerializer.Serialize(json) }, Test);
    }
}
