using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Lab.Account;

namespace Automation.Lab.Soak;

/// <summary>Reads the endpoint's record of calls: what changes something, and what was written down of it before.</summary>
internal static partial class SoakCalls
{
    /// <summary>A change of a secret's current version, by whichever of the ledger's names.</summary>
    public const string ChangeSecret = "change-secret";

    private const string Current = "AWSCURRENT";

    /// <summary>The call as a change; <c>null</c> for one that changes nothing that the ledger is about.</summary>
    public static MutatingCall? Mutation(RecordedCall recorded)
    {
        var call = recorded.Call;
        string Text(string name) => call.Parameters.GetValueOrDefault(name) ?? "";
        var (action, key) = (call.Service, call.Action) switch
        {
            ("rds", "CreateDBSnapshot") => ("create-snapshot", $"{call.Region}/{Text("DBSnapshotIdentifier")}"),
            ("rds", "DeleteDBSnapshot") => ("delete-snapshot", $"{call.Region}/{Text("DBSnapshotIdentifier")}"),
            ("rds", "CopyDBSnapshot") => ("copy-snapshot", $"{call.Region}/{Text("TargetDBSnapshotIdentifier")}"),
            ("rds", "RebootDBInstance") => ("force-failover", Text("DBInstanceIdentifier")),
            ("rds", "ModifyDBInstance") => ("grow-storage", Text("AllocatedStorage")),
            ("secretsmanager", "UpdateSecretVersionStage") => JsonElement.Parse(call.Body.Span) is var body && Member(body, "VersionStage") == Current ? (ChangeSecret, Member(body, "MoveToVersionId")) : (null, ""),
            ("secretsmanager", "PutSecretValue") => JsonElement.Parse(call.Body.Span) is var body && IsMadeCurrent(body) ? (ChangeSecret, Member(body, "ClientRequestToken")) : (null, ""),
            ("secretsmanager", "UpdateSecret") => (ChangeSecret, Member(JsonElement.Parse(call.Body.Span), "ClientRequestToken")),
            // Whatever else changes RDS or a secret has no business here, and no record.
            ("rds" or "secretsmanager", var name) when !ReadOnly().IsMatch(name) => ("", name),
            _ => (null, ""),
        };
        return action is null ? null : new MutatingCall(recorded.At, call.Action, action, key, recorded.TookEffect)
        {
            AnsweredAt = recorded.AnsweredAt,
            Database = Text("DBInstanceIdentifier"),
        };
    }

    // A new value without labels is the current one at once.
    private static bool IsMadeCurrent(JsonElement body) =>
        !body.TryGetProperty("VersionStages", out var labels) || labels.ValueKind != JsonValueKind.Array || labels.EnumerateArray().Any(label => label.GetString() == Current);

    /// <summary>The action records of a transaction, as they would be written.</summary>
    public static IEnumerable<ActionWritten> Records(AwsCall call, DateTimeOffset answeredAt)
    {
        if (call is not { Service: "dynamodb", Action: "TransactWriteItems" }) yield break;
        foreach (var item in JsonElement.Parse(call.Body.Span).GetProperty("TransactItems").EnumerateArray())
        {
            if (!item.TryGetProperty("Put", out var put) || put.GetProperty("Item") is var record && !record.TryGetProperty("action", out _)) continue;
            string Of(string name) => record.TryGetProperty(name, out var value) ? Member(value, "S") : "";
            yield return new ActionWritten
            {
                At = call.At,
                AnsweredAt = answeredAt,
                Action = Of("action") is "set-password" or "move-current-label" ? ChangeSecret : Of("action"),
                SetsPassword = Of("action") == "set-password",
                Key = Of("key"),
                Database = Of("database"),
                Incident = Of("incident"),
                RequestId = Of("request_id"),
            };
        }
    }

    /// <summary>The tags of a new snapshot.</summary>
    public static IReadOnlyDictionary<string, string> Tags(AwsCall call) => call.Parameters
        .Select(parameter => (Match: TagKey().Match(parameter.Key), parameter.Value)).Where(tag => tag.Match.Success)
        .ToDictionary(tag => tag.Value, tag => call.Parameters.GetValueOrDefault(tag.Match.Groups[1].Value + ".Value") ?? "");

    private static string Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    [GeneratedRegex("^(Describe|List|Download|Get|BatchGet)")]
    private static partial Regex ReadOnly();

    [GeneratedRegex(@"^(Tags\..+\.\d+)\.Key$")]
    private static partial Regex TagKey();
}
