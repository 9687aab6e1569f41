using System.Text.Json;

namespace Automation.Lab.Report;

/// <summary>What a report says of an event on the bus. Pure.</summary>
internal static class EventReading
{
    /// <summary>An event of EventBridge's envelope as a moment.</summary>
    /// <param name="event">As it was put.</param>
    /// <param name="at">When.</param>
    public static RunMoment Read(JsonElement @event, DateTimeOffset at)
    {
        var detail = @event.TryGetProperty("detail", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var type = Text(@event, "detail-type");
        return type switch
        {
            "CloudWatch Alarm State Change" => Alarm(detail, at),
            "Scheduled Event" => Moment(at, $"schedule {Schedule(@event)}", "its time has come"),
            _ when Text(detail, "EventID") is { Length: > 0 } id => Moment(at, id, Text(detail, "Message")) with { Database = Text(detail, "SourceIdentifier") },
            _ => Moment(at, Text(detail, "eventName") is { Length: > 0 } name ? name : type, Text(@event, "source")),
        };
    }

    private static RunMoment Alarm(JsonElement detail, DateTimeOffset at)
    {
        var state = detail.TryGetProperty("state", out var found) ? found : default;
        var value = Text(state, "value");
        return Moment(at, $"alarm {Text(detail, "alarmName")}: {value}", Text(state, "reason")) with { Weight = value == "ALARM" ? Weight.Plain : Weight.Faint };
    }

    // arn:aws:events:us-east-1:123456789012:rule/lab-TakeSnapshotsFunctionSchedule: the stack, the function, the event's name.
    private static string Schedule(JsonElement @event)
    {
        if (!@event.TryGetProperty("resources", out var resources) || resources.ValueKind != JsonValueKind.Array || resources.GetArrayLength() == 0) return "";
        var rule = (resources[0].GetString() ?? "").Split('/')[^1];
        return rule.Split('-')[^1].Split("Function") is [{ Length: > 0 } function, var name] ? name == "Schedule" ? function : $"{function} {name}" : rule;
    }

    private static RunMoment Moment(DateTimeOffset at, string label, string text) => new() { At = at, Kind = MomentKind.Event, Label = label, Text = text };

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
