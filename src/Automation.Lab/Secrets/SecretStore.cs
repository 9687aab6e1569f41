using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>
/// Versions and labels: moto's, with the pending version that has no value yet and the rotation's settings added, which
/// moto cannot hold. A caller of several methods holds the service's turn.
/// </summary>
internal sealed class SecretStore(MotoSecrets moto, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RotationSettings> settings = new();

    public RotationSettings Settings(string arn) => settings.GetValueOrDefault(arn) ?? new RotationSettings();

    public void Change(string arn, Func<RotationSettings, RotationSettings> change) => settings[arn] = change(Settings(arn));

    public void Forget(string arn) => settings.TryRemove(arn, out _);

    /// <summary>The secret that the call names.</summary>
    /// <exception cref="SecretRefusal">There is none.</exception>
    public Task<SecretLabels> LoadAsync(AwsCall call) => LoadAsync(call, call.Members().Text("SecretId") ?? "");

    /// <summary>A secret by name or ARN.</summary>
    /// <exception cref="SecretRefusal">There is none.</exception>
    public async Task<SecretLabels> LoadAsync(AwsCall caller, string secretId)
    {
        var answer = await moto.SendAsync(caller, "DescribeSecret", new JsonObject { ["SecretId"] = secretId });
        return answer.Succeeded ? Labels(answer.Members()) : throw new SecretRefusal(answer);
    }

    /// <summary>The labels in moto's answer to DescribeSecret, and the empty version.</summary>
    public SecretLabels Labels(JsonObject description)
    {
        var arn = description.Text("ARN")!;
        return new SecretLabels
        {
            Arn = arn,
            Name = description.Text("Name")!,
            Stored = (description["VersionIdsToStages"] as JsonObject ?? []).ToDictionary(
                v => v.Key, v => (IReadOnlyList<string>)[.. v.Value!.AsArray().Select(label => (string)label!)]),
            Empty = Settings(arn).Empty?.Version,
        };
    }

    /// <summary>The empty version of a rotation that begins; <c>AWSPENDING</c> leaves whatever had it.</summary>
    public async Task OpenPendingAsync(AwsCall caller, SecretLabels secret, string token)
    {
        await MoveAsync(caller, secret, SecretLabels.Pending, null);
        Change(secret.Arn, s => s with { Empty = (token, time.GetUtcNow()) });
    }

    /// <summary>Gives a version its value, without labels.</summary>
    /// <returns>moto's answer; of a refusal nothing happened.</returns>
    public Task<AwsAnswer> StoreAsync(AwsCall caller, SecretLabels secret, string version, JsonObject value) =>
        moto.SendAsync(caller, "PutSecretValue", new JsonObject(value.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())))
        {
            ["SecretId"] = secret.Arn,
            ["ClientRequestToken"] = version,
            // moto would attach AWSCURRENT to the version that was current before somebody moved it.
            ["VersionStages"] = new JsonArray(),
        });

    /// <summary>Attaches a label to a version that has a value, or to none, and takes it from the one that had it.</summary>
    public async Task MoveAsync(AwsCall caller, SecretLabels secret, string label, string? to)
    {
        var from = secret.HolderOf(label);
        if (from == to) return;
        if (from is not null && from == secret.Empty)
        {
            Change(secret.Arn, s => s with { Empty = null });
            from = null;
        }
        if (from is null && to is null) return;
        var request = new JsonObject { ["SecretId"] = secret.Arn, ["VersionStage"] = label };
        if (from is not null) request["RemoveFromVersionId"] = from;
        if (to is not null) request["MoveToVersionId"] = to;
        await moto.MustAsync(caller, "UpdateSecretVersionStage", request);
    }
}
