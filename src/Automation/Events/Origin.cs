using System.Globalization;
using System.Text.Json;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>
/// The last line of every message: what set the run off, and which request to look for in which log. Of the input only names, codes
/// and times are told; what it does not say is left out. Pure and total.
/// </summary>
internal static class Origin
{
    private const int LongestName = 200;

    /// <param name="input">What the function was invoked with.</param>
    /// <param name="requestId">AWS request id.</param>
    /// <param name="logGroup">Of the function; <c>null</c> or empty where nobody said.</param>
    public static string Of(JsonElement input, string requestId, string? logGroup)
    {
        var request = $"request {requestId}{(string.IsNullOrEmpty(logGroup) ? "" : $" in {logGroup}")}";
        return TriggerOf(input) is { } trigger ? $"Set off by: {trigger} · {request}" : $"Of {request}";
    }

    private static string? TriggerOf(JsonElement input) => Text(input, "source") switch
    {
        "aws.cloudwatch" when Member(input, "alarmData") is { } alarm => AlarmOf(alarm),
        "aws.cloudwatch" when Member(input, "detail") is { } alarm => AlarmOf(alarm),
        "aws.rds" => $"{Text(input, "detail", "EventID") ?? "an event of RDS"}{Named(" of ", Text(input, "detail", "SourceIdentifier"))}{At(Text(input, "detail", "Date"))}",
        "aws.events" => $"schedule{Named(" ", RuleOf(input))}{At(Text(input, "time"))}",
        null when Text(input, "Step") is { } step => $"Secrets Manager, {step}",
        null when Member(input, "detail") is not null => "a request by hand",
        _ => null,
    };

    private static string AlarmOf(JsonElement alarm) => $"alarm{Named(" ", Text(alarm, "alarmName"))}{At(Text(alarm, "state", "timestamp"))}";

    /// <summary>The rule's name: it says whose schedule it is.</summary>
    private static string? RuleOf(JsonElement input) =>
        Member(input, "resources") is { ValueKind: JsonValueKind.Array } resources && resources.GetArrayLength() > 0
            && Text(resources[0]) is { } arn && arn.IndexOf(":rule/", StringComparison.Ordinal) is >= 0 and var at
            ? arn[(at + ":rule/".Length)..]
            : null;

    private static string Named(string before, string? name) => name is null ? "" : before + name;

    private static string At(string? time) => time is not null && InputField.TryReadTime(time, out var at)
        ? string.Create(CultureInfo.InvariantCulture, $" at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z")
        : "";

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (Member(element, name) is not { } member) return null;
            element = member;
        }
        try
        {
            return element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? Printable.Line(text, LongestName) : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is no text.
            return null;
        }
    }

    private static JsonElement? Member(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
