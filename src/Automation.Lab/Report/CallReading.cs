using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Lab.Report;

/// <summary>
/// What a report says of a call: which changed something, and what they name. Only what is known to be no secret is taken over: a
/// password in a parameter nobody thought of stays out.
/// </summary>
internal static class CallReading
{
    private static readonly string[] Reading = ["Describe", "List", "Get", "BatchGet", "Head", "Query", "Scan", "Filter", "Assume", "Simulate"];

    // What is told of otherwise, or changes nothing that anybody keeps.
    private static readonly HashSet<string> Passing = ["Publish", "PutMetricData", "SetAlarmState", "GetRandomPassword"];

    private static readonly HashSet<string> Plain =
    [
        "AllocatedStorage", "ApplyImmediately", "CopyTags", "ForceFailover", "Iops", "MaxAllocatedStorage", "SourceRegion", "StorageThroughput", "StorageType",
        "TargetDBInstanceIdentifier", "SnapshotType", "AttributeName", "SecretId", "VersionStage", "MoveToVersionId", "RemoveFromVersionId", "RotationLambdaARN", "TableName",
    ];

    /// <summary>Whether it asked for a change of the account.</summary>
    public static bool IsChange(AwsCall call) =>
        call.Service.Length > 0 && call.Service != "sts" && !Passing.Contains(call.Action)
        && (call.Action.Length > 0 ? !Array.Exists(Reading, word => call.Action.StartsWith(word, StringComparison.Ordinal)) : call.Body.Length > 0);

    /// <summary>Identifiers, sizes and states, as <c>name=value</c>.</summary>
    public static string About(AwsCall call) => string.Join(' ', (call.Parameters.Count > 0
        ? call.Parameters.Where(field => IsPlain(field.Key)).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}")
        : OfJson(call.Body)).Select(text => text.Length > 300 ? text[..300] + "…" : text));

    private static bool IsPlain(string name) =>
        Plain.Contains(name) || name.EndsWith("Identifier", StringComparison.Ordinal) || name.EndsWith("Arn", StringComparison.Ordinal);

    private static IEnumerable<string> OfJson(ReadOnlyMemory<byte> body)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(body.Span);
        }
        catch (JsonException)
        {
            yield break;
        }
        if (root.ValueKind != JsonValueKind.Object) yield break;
        foreach (var field in root.EnumerateObject())
        {
            if (field.Name is "Key" or "Item" && field.Value.ValueKind == JsonValueKind.Object)
            {
                // The ledger's: what an item is, not what is in it.
                foreach (var key in new[] { "pk", "sk" })
                {
                    if (field.Value.TryGetProperty(key, out var part) && part.ValueKind == JsonValueKind.Object && part.TryGetProperty("S", out var text))
                        yield return $"{key}={text.GetString()}";
                }
            }
            else if (IsPlain(field.Name) && field.Value.ValueKind is (JsonValueKind.String or JsonValueKind.Number)) yield return $"{field.Name}={field.Value}";
        }
    }
}
