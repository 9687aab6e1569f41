using System.Text;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>What an alarm's action sends to an SNS topic.</summary>
internal static class AlarmMessage
{
    /// <summary>One notification for each topic among the actions for the new state.</summary>
    public static IEnumerable<Notification> Of(AlarmTransition transition, TemplateInputs inputs)
    {
        var (alarm, _, current) = transition;
        var actions = current.State switch
        {
            AlarmState.Alarm => alarm.AlarmActions,
            AlarmState.Ok => alarm.OkActions,
            AlarmState.InsufficientData => alarm.InsufficientDataActions,
            _ => throw new ArgumentOutOfRangeException(nameof(transition), current.State, null),
        };
        if (!alarm.ActionsEnabled) return [];
        return actions.Where(arn => arn.StartsWith("arn:aws:sns:", StringComparison.Ordinal)).Select(topic => new Notification
        {
            TopicArn = topic,
            Subject = $"{current.State.Wire()}: \"{alarm.Name}\" in {inputs.Region}",
            Messages = new Dictionary<string, string> { ["default"] = Text(transition, inputs) },
            At = current.At,
        });
    }

    private static string Text(AlarmTransition transition, TemplateInputs inputs)
    {
        var (alarm, previous, current) = transition;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CloudWatchJson.Plain))
        {
            json.WriteStartObject();
            json.WriteString("AlarmName", alarm.Name);
            json.WriteString("AlarmDescription", alarm.Description);
            json.WriteString("AWSAccountId", inputs.AccountId);
            json.WriteString("NewStateValue", current.State.Wire());
            json.WriteString("NewStateReason", current.Reason);
            json.WriteString("StateChangeTime", AlarmRecord.Stamp(current.At));
            json.WriteString("Region", inputs.Region);
            json.WriteString("AlarmArn", alarm.Arn);
            json.WriteString("OldStateValue", previous.State.Wire());
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
