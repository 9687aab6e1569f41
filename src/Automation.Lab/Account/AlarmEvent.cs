using System.Globalization;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>The <c>CloudWatch Alarm State Change</c> event, member for member as CloudWatch sends it.</summary>
/// <remarks>"Alarm events and EventBridge", Amazon CloudWatch user guide.</remarks>
internal static class AlarmEvent
{
    public static JsonElement Create(TemplateAlarm alarm, AlarmRecord previous, AlarmRecord current, TemplateInputs inputs)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CloudWatchJson.Plain))
        {
            json.WriteStartObject();
            json.WriteString("version", "0");
            json.WriteString("id", EventId.Of($"{alarm.Arn} {current.At.UtcTicks}"));
            json.WriteString("detail-type", "CloudWatch Alarm State Change");
            json.WriteString("source", "aws.cloudwatch");
            json.WriteString("account", inputs.AccountId);
            json.WriteString("time", current.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("region", inputs.Region);
            json.WriteStartArray("resources");
            json.WriteStringValue(alarm.Arn);
            json.WriteEndArray();
            json.WriteStartObject("detail");
            json.WriteString("alarmName", alarm.Name);
            json.WriteStartObject("configuration");
            if (alarm.Description is { } description) json.WriteString("description", description);
            json.WriteStartArray("metrics");
            foreach (var metric in alarm.Metrics) WriteMetric(json, alarm, metric);
            json.WriteEndArray();
            json.WriteEndObject();
            WriteState(json, "previousState", previous);
            WriteState(json, "state", current);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.ToArray());
    }

    private static void WriteMetric(Utf8JsonWriter json, TemplateAlarm alarm, TemplateMetric metric)
    {
        json.WriteStartObject();
        if (metric.Expression is { } expression) json.WriteString("expression", expression);
        // CloudWatch gives the only metric of a plain alarm an id of its own making.
        json.WriteString("id", alarm.IsMetricMath ? metric.Id : EventId.Of(alarm.Arn));
        if (metric.Label is { } label) json.WriteString("label", label);
        if (metric.Statistic is { } statistic)
        {
            json.WriteStartObject("metricStat");
            json.WriteStartObject("metric");
            json.WriteStartObject("dimensions");
            foreach (var (name, value) in statistic.Dimensions) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteString("name", statistic.MetricName);
            json.WriteString("namespace", statistic.Namespace);
            json.WriteEndObject();
            json.WriteNumber("period", (int)statistic.Period.TotalSeconds);
            json.WriteString("stat", statistic.Statistic);
            if (statistic.Unit is { } unit) json.WriteString("unit", unit);
            json.WriteEndObject();
        }
        json.WriteBoolean("returnData", metric.ReturnData);
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, string name, AlarmRecord record)
    {
        json.WriteStartObject(name);
        json.WriteString("value", record.State.Wire());
        json.WriteString("timestamp", AlarmRecord.Stamp(record.At));
        json.WriteString("reason", record.Reason);
        if (record.ReasonData is { } data) json.WriteString("reasonData", data);
        json.WriteEndObject();
    }
}
