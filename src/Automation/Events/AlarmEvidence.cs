using System.Text.Json;

namespace Automation.Events;

/// <summary>
/// What <c>reasonData</c> tells: JSON inside a JSON string. It is evidence, not input: text that cannot be read is
/// evidence of nothing, never an error.
/// </summary>
/// <param name="RecentDatapoints">The numbers the alarm was raised on; a missing period is left out.</param>
/// <param name="EvaluatedDatapoints">How many periods were looked at, where AWS says so.</param>
/// <param name="TriggeringAlarms">ARNs of the alarms that raised a composite one.</param>
internal sealed record AlarmEvidence(IReadOnlyList<double> RecentDatapoints, int? EvaluatedDatapoints, IReadOnlyList<string> TriggeringAlarms)
{
    public static AlarmEvidence None { get; } = new([], null, []);

    public static AlarmEvidence Parse(string reasonData)
    {
        try
        {
            using var document = JsonDocument.Parse(reasonData);
            var root = document.RootElement;
            return new AlarmEvidence(
                [.. Array(root, "recentDatapoints")
                    .Select(point => point.ValueKind == JsonValueKind.Number && point.TryGetDouble(out var number) ? number : double.NaN)
                    .Where(double.IsFinite)],
                root.ValueKind == JsonValueKind.Object && root.TryGetProperty("evaluatedDatapoints", out var evaluated)
                    && evaluated.ValueKind == JsonValueKind.Array ? evaluated.GetArrayLength() : null,
                [.. Array(root, "triggeringAlarms").Select(alarm => Text(alarm, "arn")).OfType<string>()]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with half a surrogate pair.
            return None;
        }
    }

    private static JsonElement.ArrayEnumerator Array(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array
            ? member.EnumerateArray()
            : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
