using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>A period of an alarm's metric; no value where nothing was reported.</summary>
internal readonly record struct AlarmDatapoint(DateTimeOffset At, double? Value);

/// <summary>What CloudWatch concludes from an evaluation range.</summary>
/// <param name="State">The new state, or <c>null</c> to keep the present one.</param>
/// <param name="Evaluated">The real datapoints that counted, oldest first.</param>
/// <param name="Filled">How many missing ones were filled in as the alarm's treatment says.</param>
internal sealed record AlarmVerdict(AlarmState? State, IReadOnlyList<AlarmDatapoint> Evaluated, int Filled);

/// <summary>How CloudWatch decides the state of a metric alarm.</summary>
/// <remarks>
/// Rules and tables: "How alarm state is evaluated when data is missing" and "Avoiding premature transitions to alarm
/// state", Amazon CloudWatch user guide.
/// </remarks>
internal static class AlarmEvaluation
{
    /// <summary>CloudWatch looks further back than it evaluates; 5 periods for 3, in its own examples.</summary>
    public static int Range(TemplateAlarm alarm) => alarm.EvaluationPeriods + 2;

    /// <param name="alarm">Threshold, comparison, periods and treatment of missing data.</param>
    /// <param name="range">One entry per period of the evaluation range, oldest first.</param>
    public static AlarmVerdict Decide(TemplateAlarm alarm, IReadOnlyList<AlarmDatapoint> range)
    {
        var real = range.Where(p => p.Value is not null).ToArray();
        if (real.Length >= alarm.EvaluationPeriods)
        {
            var latest = real[^alarm.EvaluationPeriods..];
            return new AlarmVerdict(FromCount(alarm, Breaching(alarm, latest)), latest, 0);
        }
        var missing = alarm.EvaluationPeriods - real.Length;
        return new AlarmVerdict(WithMissing(alarm, range, real, missing), real, missing);
    }

    private static AlarmState? WithMissing(TemplateAlarm alarm, IReadOnlyList<AlarmDatapoint> range, AlarmDatapoint[] real, int missing)
    {
        var breaching = Breaching(alarm, real);
        switch (alarm.TreatMissingData)
        {
            case "breaching": return FromCount(alarm, breaching + missing);
            case "notBreaching": return FromCount(alarm, breaching);
        }
        if (breaching >= alarm.DatapointsToAlarm) return AlarmState.Alarm;
        if (breaching < real.Length) return AlarmState.Ok;
        if (alarm.TreatMissingData == "ignore") return null;
        // Every real datapoint breaches, yet they are too few: an alarm once the oldest is as old as the datapoints to alarm.
        var oldest = range.TakeWhile(p => p.Value is null).Count();
        return range.Count - oldest >= alarm.DatapointsToAlarm && real.Length > 0 ? AlarmState.Alarm : AlarmState.InsufficientData;
    }

    private static AlarmState FromCount(TemplateAlarm alarm, int breaching) =>
        breaching >= alarm.DatapointsToAlarm ? AlarmState.Alarm : AlarmState.Ok;

    private static int Breaching(TemplateAlarm alarm, IEnumerable<AlarmDatapoint> points) =>
        points.Count(p => Crosses(alarm, p.Value!.Value));

    private static bool Crosses(TemplateAlarm alarm, double value) => alarm.ComparisonOperator switch
    {
        "GreaterThanThreshold" => value > alarm.Threshold,
        "GreaterThanOrEqualToThreshold" => value >= alarm.Threshold,
        "LessThanThreshold" => value < alarm.Threshold,
        "LessThanOrEqualToThreshold" => value <= alarm.Threshold,
        var other => throw new ArgumentException($"unknown comparison '{other}'", nameof(alarm)),
    };
}
