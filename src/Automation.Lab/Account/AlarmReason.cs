using System.Globalization;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>CloudWatch's sentence about a new state.</summary>
internal static class AlarmReason
{
    public static string Of(TemplateAlarm alarm, AlarmState previous, AlarmState state, AlarmVerdict verdict)
    {
        if (state == AlarmState.InsufficientData)
            return string.Create(CultureInfo.InvariantCulture, $"Insufficient Data: {Count(verdict.Filled, "datapoint")} {Was(verdict.Filled)} unknown.");
        if (verdict.Evaluated.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Threshold Crossed: no datapoints were received for {Count(alarm.EvaluationPeriods, "period")} and {Count(verdict.Filled, "missing datapoint")} {Was(verdict.Filled)} treated as [{Treatment(alarm)}].");
        }
        var points = string.Join(", ", verdict.Evaluated.Reverse().Select(Point));
        var needed = state == AlarmState.Alarm
            ? alarm.DatapointsToAlarm
            : alarm.EvaluationPeriods - alarm.DatapointsToAlarm + 1;
        return string.Create(CultureInfo.InvariantCulture, $"Threshold Crossed: {verdict.Evaluated.Count} out of the last {alarm.EvaluationPeriods} datapoints [{points}] {Was(verdict.Evaluated.Count)}{(state == AlarmState.Alarm ? "" : " not")} {Comparison(alarm)} the threshold ({Number(alarm.Threshold)}) (minimum {Count(needed, "datapoint")} for {previous.Wire()} -> {state.Wire()} transition).");
    }

    /// <summary>As Java prints a double, which is what CloudWatch shows: always with a fraction.</summary>
    public static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string Point(AlarmDatapoint point) =>
        $"{Number(point.Value!.Value)} ({point.At.UtcDateTime.ToString("dd/MM/yy HH:mm:ss", CultureInfo.InvariantCulture)})";

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Was(int count) => count == 1 ? "was" : "were";

    private static string Treatment(TemplateAlarm alarm) => alarm.TreatMissingData == "breaching" ? "Breaching" : "NonBreaching";

    private static string Comparison(TemplateAlarm alarm) => alarm.ComparisonOperator switch
    {
        "GreaterThanThreshold" => "greater than",
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "LessThanThreshold" => "less than",
        "LessThanOrEqualToThreshold" => "less than or equal to",
        var other => throw new ArgumentException($"unknown comparison '{other}'", nameof(alarm)),
    };
}
