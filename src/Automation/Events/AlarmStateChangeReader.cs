using System.Text.Json;

namespace Automation.Events;

/// <summary>
/// Reads an alarm state change in the two shapes AWS sends it: through EventBridge (<c>detail</c>), or straight from the
/// alarm's Lambda action (<c>alarmData</c>).
/// </summary>
internal static class AlarmStateChangeReader
{
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static AlarmStateChange Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        root.Member("source").RequireText("aws.cloudwatch");
        return root.Member("alarmData").IsPresent ? ReadAction(root) : ReadEvent(root);
    }

    private static AlarmStateChange ReadEvent(InputField root)
    {
        root.Member("detail-type").RequireText("CloudWatch Alarm State Change");
        var resources = root.Member("resources");
        return resources.Items() is [var arn, ..]
            ? Read(root.Member("detail"), arn.Text(), root.Member("account").Text(), root)
            : throw new InvalidInputException(resources.Path, "the alarm's ARN", "an empty array");
    }

    private static AlarmStateChange ReadAction(InputField root) =>
        Read(root.Member("alarmData"), root.Member("alarmArn").Text(), root.Member("accountId").Text(), root);

    private static AlarmStateChange Read(InputField alarm, string arn, string account, InputField root)
    {
        var configuration = alarm.Member("configuration");
        var metrics = configuration.Member("metrics");
        return new AlarmStateChange
        {
            AlarmName = alarm.Member("alarmName").Text(),
            AlarmArn = arn,
            Account = account,
            Region = root.Member("region").Text(),
            Time = root.Member("time").Timestamp(),
            State = ReadState(alarm.Member("state")),
            Metrics = metrics.IsPresent ? [.. metrics.Items().Select(ReadMetric)] : [],
            CompositeRule = configuration.Member("alarmRule").OptionalText(),
        };
    }

    private static AlarmState ReadState(InputField state)
    {
        var reasonData = state.Member("reasonData");
        return new AlarmState
        {
            Value = state.Member("value").Text(),
            Timestamp = state.Member("timestamp").Timestamp(),
            Reason = state.Member("reason").OptionalText(),
            Evidence = reasonData.IsPresent ? AlarmEvidence.Parse(reasonData.Text()) : null,
            ActionsSuppressedBy = state.Member("actionsSuppressedBy").OptionalText(),
            ActionsSuppressedReason = state.Member("actionsSuppressedReason").OptionalText(),
        };
    }

    private static AlarmMetric ReadMetric(InputField line)
    {
        var stat = line.Member("metricStat");
        InputField? metric = stat.IsPresent ? stat.Member("metric").RequireObject() : null;
        var dimensions = metric?.Member("dimensions");
        return new AlarmMetric
        {
            Id = line.Member("id").OptionalText(),
            Namespace = metric?.Member("namespace").OptionalText(),
            Name = metric?.Member("name").OptionalText(),
            Dimensions = dimensions is { IsPresent: true } named ? named.TextMembers() : new Dictionary<string, string>(),
            AccountId = line.Member("accountId").OptionalText(),
            Expression = line.Member("expression").OptionalText(),
            ReturnData = line.Member("returnData").OptionalFlag(),
            Statistic = stat.IsPresent ? stat.Member("stat").OptionalText() : null,
            Period = stat.IsPresent ? stat.Member("period").OptionalInteger() : null,
        };
    }
}
