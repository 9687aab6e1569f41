using System.Globalization;
using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>What the automation was given, from what was really delivered.</summary>
internal static class Sightings
{
    /// <param name="delivery">What EventBridge handed over.</param>
    /// <param name="facts">What the function read or measured besides.</param>
    public static Sighting Of(FunctionDelivery delivery, params IReadOnlyList<Fact> facts)
    {
        var @event = JsonElement.Parse(delivery.Event);
        var at = DateTimeOffset.Parse(@event.GetProperty("time").GetString()!, CultureInfo.InvariantCulture);
        if (delivery.Rule.Schedule is { } schedule)
            return new Sighting(TriggerKind.Schedule, $"{delivery.Function.Name}, {schedule}", at, facts);
        var detail = @event.GetProperty("detail");
        return @event.GetProperty("source").GetString() == "aws.cloudwatch"
            ? new Sighting(TriggerKind.Alarm, detail.GetProperty("alarmName").GetString()!, at,
                [new Fact("CloudWatch says", detail.GetProperty("state").GetProperty("reason").GetString()!), .. facts])
            : new Sighting(TriggerKind.Event, $"{detail.GetProperty("EventID").GetString()} of {detail.GetProperty("SourceIdentifier").GetString()}", at,
                [new Fact("RDS says", detail.GetProperty("Message").GetString()!), .. facts]);
    }
}
