using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Iam;

/// <summary>What AWS knows of a resource when it asks IAM about it: read from moto itself, so that it is no call of anybody's.</summary>
internal sealed class AccountFacts(Uri moto, LabKeys keys) : IDisposable
{
    // What moto writes for "the account's default key"; whoever may use the service may use that one.
    private const string NoKey = "default_kms_key_id";

    private readonly MotoRds rds = new(moto);
    private readonly MotoSecrets secrets = new(moto);

    /// <summary>The tags of a database or snapshot; empty when there is none of this ARN.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(AwsCall caller, string arn)
    {
        var answer = await rds.SendAsync(caller, arn.Split(':')[3],
        [
            KeyValuePair.Create("Action", "ListTagsForResource"),
            KeyValuePair.Create("Version", "2014-10-31"),
            KeyValuePair.Create("ResourceName", arn),
        ]);
        return answer.Succeeded
            ? [.. answer.Document().Named("Tag").Select(tag => KeyValuePair.Create(tag.Text("Key") ?? "", tag.Text("Value") ?? ""))]
            : [];
    }

    /// <summary>The customer-managed key of a snapshot; <c>null</c> without one.</summary>
    public async Task<string?> KeyOfSnapshotAsync(AwsCall caller, SnapshotKind kind, string arn)
    {
        var (found, _) = await rds.FindAsync(caller, arn.Split(':')[3], kind.Element, arn.Split(':', 7)[6]);
        return found?.Text("KmsKeyId") is { } key && key != NoKey && key != await keys.DefaultKeyArnAsync(arn.Split(':')[3]) ? key : null;
    }

    /// <summary>A secret by name or ARN; <c>null</c> when there is none.</summary>
    public async Task<SecretFacts?> SecretAsync(AwsCall caller, string id)
    {
        var answer = await secrets.SendAsync(caller, "DescribeSecret", new JsonObject { ["SecretId"] = id });
        if (!answer.Succeeded) return null;
        var secret = answer.Members();
        return new SecretFacts(
            secret.Text("ARN")!,
            [.. (secret["Tags"]?.AsArray() ?? []).Select(tag => KeyValuePair.Create((string)tag!["Key"]!, (string?)tag["Value"] ?? ""))],
            secret.Text("KmsKeyId") is { Length: > 0 } key && !key.EndsWith("alias/aws/secretsmanager", StringComparison.Ordinal) ? key : null);
    }

    /// <summary>A key by id, alias or ARN, with its aliases; <c>null</c> when there is none.</summary>
    public async Task<KeyFacts?> KeyAsync(string id, string region, CancellationToken cancellation) => await keys.FindAsync(id, region, cancellation) is { } key
        ? new KeyFacts(key.Arn, await keys.AliasesAsync(key.Arn, region, cancellation))
        : null;

    public void Dispose()
    {
        rds.Dispose();
        secrets.Dispose();
    }
}

/// <param name="Arn">With the six characters at its end.</param>
/// <param name="Tags">As it has them.</param>
/// <param name="KeyId">The customer-managed key it is encrypted with; <c>null</c>: the account's own.</param>
internal sealed record SecretFacts(string Arn, IReadOnlyList<KeyValuePair<string, string>> Tags, string? KeyId);

/// <param name="Arn">Of the key.</param>
/// <param name="Aliases">As <c>alias/rds-automation-snapshots</c>.</param>
internal sealed record KeyFacts(string Arn, IReadOnlyList<string> Aliases);
