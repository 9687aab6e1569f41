using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Changing secrets: PutSecretValue, UpdateSecret, UpdateSecretVersionStage, DeleteSecret.</summary>
/// <param name="moto">Keeps the values and labels.</param>
/// <param name="store">The same, with what moto cannot keep.</param>
/// <param name="onAbandoned">A new version took the place of the one a rotation had begun: ARN and token of that rotation.</param>
internal sealed class SecretWrites(MotoSecrets moto, SecretStore store, Action<string, string> onAbandoned)
{
    private static readonly string[] Values = ["SecretString", "SecretBinary"];

    /// <summary>A version never changes: the same bytes again are a success, others a refusal.</summary>
    public async Task<AwsAnswer> PutAsync(AwsCall call)
    {
        var request = call.Members();
        var labels = request["VersionStages"] is JsonArray given ? given.Select(label => (string)label!).ToArray() : [SecretLabels.Current];
        return await PutAsync(call, request, labels);
    }

    /// <summary>A new value is a new current version; anything else is moto's.</summary>
    public async Task<AwsAnswer> UpdateAsync(AwsCall call)
    {
        var request = call.Members();
        if (!Values.Any(request.ContainsKey)) return await moto.SendAsync(call);
        var answer = await PutAsync(call, request, [SecretLabels.Current]);
        if (!answer.Succeeded) return answer;
        var rest = new JsonObject { ["SecretId"] = request.Text("SecretId"), ["ClientRequestToken"] = Guid.NewGuid().ToString() };
        foreach (var name in new[] { "Description", "KmsKeyId" })
        {
            if (request[name] is { } value) rest[name] = value.DeepClone();
        }
        if (rest.Count > 2) await moto.MustAsync(call, "UpdateSecret", rest);
        return answer;
    }

    /// <summary>Moves a label as a compare-and-swap: the caller must know where it is.</summary>
    public async Task<AwsAnswer> MoveLabelAsync(AwsCall call)
    {
        var request = call.Members();
        var secret = await store.LoadAsync(call);
        var (label, from, to) = (request.Text("VersionStage") ?? "", request.Text("RemoveFromVersionId"), request.Text("MoveToVersionId"));
        var holder = secret.HolderOf(label);
        if (from is not null && from != holder)
            throw SecretRefusal.InvalidParameter(call, $"The staging label {label} isn't attached to version {from}.");
        if (from is null && holder is not null && to != holder)
        {
            throw SecretRefusal.InvalidParameter(call, "The parameter RemoveFromVersionId can't be empty. Staging label "
                + $"{label} is currently attached to version {holder}, so you must explicitly reference that version in RemoveFromVersionId.");
        }
        if (to is null && label == SecretLabels.Current)
            throw SecretRefusal.InvalidParameter(call, "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.");
        // moto takes the label away before it finds out that there is nowhere to put it.
        if (to is not null && to != holder && !secret.Stored.ContainsKey(to))
            throw SecretRefusal.NotFound(call, $"Secrets Manager can't find the specified secret value for VersionId: {to}");
        await store.MoveAsync(call, secret, label, to);
        return SecretsJson.Answer(call, new JsonObject { ["ARN"] = secret.Arn, ["Name"] = secret.Name });
    }

    /// <summary>A secret that is gone at once takes its rotation with it.</summary>
    public async Task<AwsAnswer> DeleteAsync(AwsCall call)
    {
        var answer = await moto.SendAsync(call);
        if (answer.Succeeded && (bool?)call.Members()["ForceDeleteWithoutRecovery"] == true) store.Forget(answer.Members().Text("ARN")!);
        return answer;
    }

    private async Task<AwsAnswer> PutAsync(AwsCall call, JsonObject request, IReadOnlyList<string> labels)
    {
        var secret = await store.LoadAsync(call);
        var token = request.Text("ClientRequestToken") ?? Guid.NewGuid().ToString();
        var value = new JsonObject(Values.Where(request.ContainsKey).Select(name => KeyValuePair.Create(name, request[name]?.DeepClone())));
        if (secret.Stored.ContainsKey(token)) await RefuseAnotherValueAsync(call, secret, token, value);
        else
        {
            var stored = await store.StoreAsync(call, secret, token, value);
            if (!stored.Succeeded) return stored;
            await LabelAsync(call, secret, token, labels);
        }
        var now = await store.LoadAsync(call);
        return SecretsJson.Answer(call, new JsonObject
        {
            ["ARN"] = now.Arn,
            ["Name"] = now.Name,
            ["VersionId"] = token,
            ["VersionStages"] = new JsonArray([.. now.Stored[token].Select(label => (JsonNode)label)]),
        });
    }

    private async Task LabelAsync(AwsCall call, SecretLabels before, string token, IReadOnlyList<string> labels)
    {
        if (before.IsRotating && before.PendingVersion is { } pending && pending != token)
        {
            await store.MoveAsync(call, before, SecretLabels.Pending, null);
            onAbandoned(before.Arn, pending);
        }
        var wanted = labels;
        if (before.Empty == token)
        {
            // It has a value now, and keeps the label it has.
            store.Change(before.Arn, s => s with { Empty = null });
            wanted = [.. labels.Append(SecretLabels.Pending).Distinct()];
        }
        foreach (var label in wanted)
            await store.MoveAsync(call, await store.LoadAsync(call, before.Arn), label, token);
    }

    private async Task RefuseAnotherValueAsync(AwsCall call, SecretLabels secret, string token, JsonObject value)
    {
        var stored = await moto.MustAsync(call, "GetSecretValue", new JsonObject { ["SecretId"] = secret.Arn, ["VersionId"] = token });
        if (Values.All(name => stored.Text(name) == value.Text(name))) return;
        throw SecretRefusal.Of(call, "ResourceExistsException",
            $"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {secret.Arn}.");
    }
}
