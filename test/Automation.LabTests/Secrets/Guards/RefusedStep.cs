using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>A step that must be refused, and must have changed nothing: not the secret, not a role, not the ledger.</summary>
internal static class RefusedStep
{
    private static readonly string[] Writes = ["PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "TransactWriteItems"];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Runs a step and holds it against what it must answer.</summary>
    /// <returns>The message of the error.</returns>
    public static async Task<string> RefusedAsync(
        this RotationAccount account, RotationSecret secret, string token, string step, string reason, RotationOptions? options = null)
    {
        var server = account.Fixture.Database.Server;
        var (roles, labels, calls) = (await server.FingerprintAsync(), await VersionsAsync(account, secret), account.Endpoint.Calls.Entries.Count);

        var answer = await RotationAccount.StepAsync(secret, token, step, account.Warm(options));

        Assert.Equal((step, reason), (step, Reason(answer)));
        Assert.Equal(TypeOf(reason), answer.ErrorType);
        Assert.Equal(roles, await server.FingerprintAsync());
        Assert.Equal(labels, await VersionsAsync(account, secret));
        Assert.DoesNotContain(account.Endpoint.Calls.Entries.Skip(calls), call => Writes.Contains(call.Action));
        Assert.Empty(account.Endpoint.Problems.Entries);
        return answer.ErrorMessage!;
    }

    /// <summary>The reason of an answer; <c>null</c> of one that is no error.</summary>
    public static string? Reason(FunctionAnswer answer) => answer.ErrorMessage?.Split(": ", 2)[0];

    /// <summary>Gives the pending version a value, as whoever can write the secret could.</summary>
    public static async Task PutPendingAsync(this RotationAccount account, RotationSecret secret, string token, string value)
    {
        using var clients = new LabClients(account.Endpoint.Uri, LabClients.Anybody, RotationFixture.Region);
        await clients.SecretsManager.PutSecretValueAsync(
            new PutSecretValueRequest { SecretId = secret.Arn, ClientRequestToken = token, SecretString = value, VersionStages = ["AWSPENDING"] }, Test);
    }

    /// <summary>The current value with members changed.</summary>
    public static async Task<string> CurrentWithAsync(this RotationAccount account, RotationSecret secret, params (string Name, object? Value)[] members)
    {
        var current = await account.Fixture.Aws.SecretsManager.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secret.Arn, VersionStage = "AWSCURRENT" }, Test);
        var json = JsonSerializer.Deserialize<Dictionary<string, object?>>(current.SecretString)!;
        foreach (var (name, value) in members) json[name] = value;
        return JsonSerializer.Serialize(json);
    }

    /// <summary>Opens a rotation whose pending version has the next password, which the database does not have.</summary>
    public static async Task<string> OpenWithPendingAsync(this RotationAccount account, RotationSecret secret, params (string Name, object? Value)[] members)
    {
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        await account.PutPendingAsync(secret, token, await account.CurrentWithAsync(
            secret, [("password", PasswordGenerator.Next().Value), ("username", secret.NextUser), .. members]));
        return token;
    }

    /// <summary>As C# spells a reason: the constant's name.</summary>
    private static string TypeOf(string reason) =>
        typeof(Reasons).GetFields().Single(field => field.IsLiteral && (string)field.GetRawConstantValue()! == reason).Name;

    /// <summary>Versions with their labels and values, in order.</summary>
    private static async Task<string> VersionsAsync(RotationAccount account, RotationSecret secret)
    {
        var text = new StringBuilder();
        foreach (var (version, labels) in (await account.LabelsAsync(secret)).OrderBy(version => version.Key, StringComparer.Ordinal))
            text.AppendLine(CultureInfo.InvariantCulture, $"{version} {string.Join(',', labels.Order(StringComparer.Ordinal))} {await RawAsync(account, secret, version)}");
        return text.ToString();
    }

    private static async Task<string?> RawAsync(RotationAccount account, RotationSecret secret, string version)
    {
        try
        {
            return (await account.Fixture.Aws.SecretsManager.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secret.Arn, VersionId = version }, Test)).SecretString;
        }
        catch (ResourceNotFoundException)
        {
            return null; // an open version without a value
        }
    }
}
