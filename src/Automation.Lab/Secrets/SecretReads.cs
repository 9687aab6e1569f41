using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Reading secrets: GetSecretValue, DescribeSecret, ListSecretVersionIds.</summary>
internal sealed class SecretReads(MotoSecrets moto, SecretStore store)
{
    /// <summary>AWSCURRENT unless asked otherwise, and the words AWS has for what is not there.</summary>
    public async Task<AwsAnswer> ValueAsync(AwsCall call)
    {
        var request = call.Members();
        var (version, stage) = (request.Text("VersionId"), request.Text("VersionStage"));
        if (version is null && stage is null) request["VersionStage"] = stage = SecretLabels.Current;
        var answer = await moto.SendAsync(call, call.Action, request);
        // What has a value is in moto, with the labels it has: only an absence needs to be looked at.
        if (answer.ErrorCode() != "ResourceNotFoundException") return answer;
        var secret = await store.LoadAsync(call);
        if (version is not null && version == secret.Empty && stage is not (null or SecretLabels.Pending))
            throw SecretRefusal.InvalidRequest(call, "You provided a VersionStage that is not associated to the provided VersionId.");
        throw SecretRefusal.NotFound(call, version is null || (version == secret.Empty && stage is not null)
            ? $"Secrets Manager can't find the specified secret value for staging label: {stage}"
            : $"Secrets Manager can't find the specified secret value for VersionId: {version}");
    }

    /// <summary>Versions without a label are not shown; one without a value is.</summary>
    public async Task<AwsAnswer> DescriptionAsync(AwsCall call)
    {
        var answer = await moto.SendAsync(call);
        if (!answer.Succeeded) return answer;
        var description = answer.Members();
        var secret = store.Labels(description);
        description["VersionIdsToStages"] = new JsonObject(secret.Labelled().Select(v => KeyValuePair.Create(v.Version, (JsonNode?)Array(v.Labels))));
        var rotation = store.Settings(secret.Arn);
        if (rotation.Enabled is { } enabled)
        {
            description["RotationEnabled"] = enabled;
            description["RotationLambdaARN"] = rotation.FunctionArn;
            description["RotationRules"] = rotation.Rules?.DeepClone();
        }
        if (rotation.LastRotated is { } last)
        {
            description["LastRotatedDate"] = SecretsJson.Time(last);
            if (rotation is { Enabled: true, Days: { } days }) description["NextRotationDate"] = SecretsJson.Time(last.AddDays(days));
        }
        return answer with { Body = SecretsJson.Bytes(description) };
    }

    /// <summary>Versions without a label only with <c>IncludeDeprecated</c>; the times are those of the versions.</summary>
    public async Task<AwsAnswer> VersionsAsync(AwsCall call)
    {
        var secret = await store.LoadAsync(call);
        var all = (bool?)call.Members()["IncludeDeprecated"] ?? false;
        var versions = new JsonArray();
        foreach (var (version, labels) in secret.Stored)
        {
            if (labels.Count == 0 && !all) continue;
            var value = await moto.MustAsync(call, "GetSecretValue", new JsonObject { ["SecretId"] = secret.Arn, ["VersionId"] = version });
            versions.Add(Version(version, labels, value["CreatedDate"]!.DeepClone()));
        }
        if (store.Settings(secret.Arn).Empty is { } empty)
            versions.Add(Version(empty.Version, [SecretLabels.Pending], SecretsJson.Time(empty.Since)));
        return SecretsJson.Answer(call, new JsonObject { ["ARN"] = secret.Arn, ["Name"] = secret.Name, ["Versions"] = versions });
    }

    private static JsonObject Version(string id, IReadOnlyList<string> labels, JsonNode created)
    {
        var version = new JsonObject { ["VersionId"] = id, ["CreatedDate"] = created };
        if (labels.Count > 0) version["VersionStages"] = Array(labels);
        return version;
    }

    private static JsonArray Array(IReadOnlyList<string> labels) => [.. labels.Select(label => (JsonNode)label)];
}
