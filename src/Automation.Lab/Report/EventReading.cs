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
        var type = @event.Text("detail-type");
        return type switch
        {
            "CloudWatch Alarm State Change" => Alarm(detail, at),
            "Scheduled Event" => Moment(at, $"schedule {Schedule(@event)}", "its time has come"),
            _ when detail.Text("EventID") is { Length: > 0 } id => Moment(at, id, detail.Text("Message")) with { Database = detail.Text("SourceIdentifier") },
            _ => Moment(at, detail.Text("eventName") is { Length: > 0 } name ? name : type, @event.Text("source")),
        };
    }

    private static RunMoment Alarm(JsonElement detail, DateTimeOffset at)
    {
        var state = detail.TryGetProperty("state", out var found) ? found : default;
        var value = state.Text("value");
        return Moment(at, $"alarm {detail.Text("alarmName")}: {value}", state.Text("reason")) with { Weight = value == "ALARM" ? Weight.Plain : Weight.Faint };
    }

    // arn:aws:events:us-east-1:123456789012:rule/lab-TakeSnapshotsFunctionSchedule: the stack, the function, the event's name.
    private static string Schedule(JsonElement @event)
    {
        if (!@event.TryGetProperty("resources", out var resources) || resources.ValueKind != JsonValueKind.Array || resources.GetArrayLength() == 0) return "";
        var rule = (resources[0].GetString() ?? "").Split('/')[^1];
        return rule.Split('-')[^1].Split("Function") is [{ Length: > 0 } function, var name] ? name == "Schedule" ? function : $"{function} {name}" : rule;
    }

    private static RunMoment Moment(DateTimeOffset at, string label, string text) => new() { At = at, Kind = MomentKind.Event, Label = label, Text = text };
}
