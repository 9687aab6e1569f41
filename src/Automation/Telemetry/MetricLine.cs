using System.Text.Json;
using Automation.Outcomes;

namespace Automation.Telemetry;

/// <summary>
/// Lines that CloudWatch Logs turns into metrics (embedded metric format): the function needs neither a permission nor a
/// call for them.
/// </summary>
internal static class MetricLine
{
    private const string Namespace = "RdsAutomation";

    public static void WriteDatabase(Utf8JsonWriter writer, string database, IReadOnlyList<MetricValue> values, DateTimeOffset at) =>
        Write(writer, "Database", database, values, at);

    /// <summary>How many outcomes of an invocation were acted on, refused or failed: zeros too, so that an alarm has data.</summary>
    public static void WriteCapability(Utf8JsonWriter writer, FunctionResult result, DateTimeOffset at)
    {
        int Count(Decision decision) => result.Outcomes.Count(outcome => outcome.Decision == decision);
        Write(writer, "Capability", result.Capability,
        [
            new("Acted", "Count", Count(Decision.Acted)),
            new("Refused", "Count", Count(Decision.Refused)),
            new("Failed", "Count", Count(Decision.Failed)),
        ], at);
    }

    private static void Write(
        Utf8JsonWriter writer, string dimension, string dimensionValue, IReadOnlyList<MetricValue> values, DateTimeOffset at)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("_aws");
        writer.WriteNumber("Timestamp", at.ToUnixTimeMilliseconds());
        writer.WriteStartArray("CloudWatchMetrics");
        writer.WriteStartObject();
        writer.WriteString("Namespace", Namespace);
        writer.WriteStartArray("Dimensions");
        writer.WriteStartArray();
        writer.WriteStringValue(dimension);
        writer.WriteEndArray();
        writer.WriteEndArray();
        writer.WriteStartArray("Metrics");
        foreach (var value in values)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", value.Name);
            writer.WriteString("Unit", value.Unit);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        // A dimension's value has at most 1024 characters.
        writer.WriteString(dimension, Printable.Line(dimensionValue, 1024));
        foreach (var value in values) writer.WriteNumber(value.Name, value.Value);
        writer.WriteEndObject();
    }
}
