using System.Globalization;
using System.Text;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>A state an alarm is or was in, as its event tells it.</summary>
/// <param name="State">OK, ALARM or INSUFFICIENT_DATA.</param>
/// <param name="Reason">CloudWatch's sentence.</param>
/// <param name="ReasonData">JSON text; <c>null</c> for a state that no evaluation set.</param>
/// <param name="At">When the state was set.</param>
internal sealed record AlarmRecord(AlarmState State, string Reason, string? ReasonData, DateTimeOffset At)
{
    /// <summary>A new alarm's state.</summary>
    public static AlarmRecord Initial(DateTimeOffset now) =>
        new(AlarmState.InsufficientData, "Unchecked: Initial alarm creation", null, now);

    /// <summary>The record of an evaluation that changed the state.</summary>
    public static AlarmRecord Of(TemplateAlarm alarm, AlarmState previous, AlarmState state, AlarmVerdict verdict, DateTimeOffset now) =>
        new(state, AlarmReason.Of(alarm, previous, state, verdict), Data(alarm, verdict, now), now);

    /// <summary>CloudWatch's timestamps: milliseconds and an offset without a colon.</summary>
    public static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000";

    private static string Data(TemplateAlarm alarm, AlarmVerdict verdict, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CloudWatchJson.Plain))
        {
            var inputs = alarm.Metrics.Select(m => m.Statistic).OfType<MetricStatistic>().ToArray();
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteString("queryDate", Stamp(now));
            if (verdict.Evaluated.Count > 0) json.WriteString("startDate", Stamp(verdict.Evaluated[0].At));
            if (!alarm.IsMetricMath) json.WriteString("statistic", inputs[0].Statistic);
            json.WriteNumber("period", (int)inputs[0].Period.TotalSeconds);
            json.WriteStartArray("recentDatapoints");
            foreach (var point in verdict.Evaluated) json.WriteRawValue(AlarmReason.Number(point.Value!.Value));
            json.WriteEndArray();
            json.WritePropertyName("threshold");
            json.WriteRawValue(AlarmReason.Number(alarm.Threshold));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
