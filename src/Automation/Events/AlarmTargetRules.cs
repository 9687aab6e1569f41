using System.Globalization;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>
/// Which database an alarm is about. It must be the only one the alarm names: metric math may mix several, and an action
/// on the wrong one is worse than none.
/// </summary>
internal static class AlarmTargetRules
{
    /// <summary>EventBridge delivers for up to 24 hours and Lambda's queue for 6: by then the incident is another one.</summary>
    public static readonly TimeSpan OldestEvent = TimeSpan.FromMinutes(15);

    /// <summary>How far two clocks may differ before a time cannot be true.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private const string RdsNamespace = "AWS/RDS";

    public static AlarmTarget Find(AlarmStateChange alarm, string metricName, DateTimeOffset now)
    {
        if (alarm.State.Value != "ALARM") return new AlarmTarget.NotInAlarm(Printable.Line(alarm.State.Value, 40));
        return RefuseState(alarm, now) ?? RefuseMetrics(alarm, metricName) ?? RefuseEvidence(alarm) ?? FindIn(alarm, metricName);
    }

    /// <summary>Every database the alarm names, whatever else is wrong with it; none of a composite alarm.</summary>
    public static IReadOnlyList<AlarmTarget> Named(AlarmStateChange alarm) => [.. alarm.Metrics.Select(TargetOf).OfType<AlarmTarget>().Distinct()];

    private static AlarmTarget.Refused? RefuseState(AlarmStateChange alarm, DateTimeOffset now)
    {
        var age = now - alarm.State.Timestamp;
        if (alarm.State.ActionsSuppressedBy is { Length: > 0 } suppressor)
            return Refused("alarm-suppressed", $"The actions of alarm {Name(alarm)} are suppressed ({Shown(suppressor)}).");
        if (alarm.CompositeRule is { } rule)
            return Refused("composite-alarm", $"Alarm {Name(alarm)} is a composite alarm ({Underlying(alarm, rule)}) and measures no database itself: "
                + "connect the underlying metric alarm instead.");
        if (age > OldestEvent)
            return Refused("stale-event", $"Alarm {Name(alarm)} changed state {Whole(age)} ago, at {At(alarm)}: older than {Whole(OldestEvent)}.");
        if (age < -ClockSkew)
            return Refused("stale-event", $"Alarm {Name(alarm)} says it changed state at {At(alarm)}, {Whole(-age)} in the future.");
        return null;
    }

    private static AlarmTarget.Refused? RefuseMetrics(AlarmStateChange alarm, string metricName)
    {
        if (!alarm.Metrics.Any(metric => IsWanted(metric, metricName)))
            return Refused("wrong-metric", $"Alarm {Name(alarm)} does not measure {RdsNamespace} {metricName}.");
        if (alarm.Metrics.FirstOrDefault(metric => metric.AccountId is { } account && account != alarm.Account) is { } foreign)
            return Refused("other-account", $"Alarm {Name(alarm)} of account {Shown(alarm.Account)} measures account {Shown(foreign.AccountId!)}.");
        return null;
    }

    // No reasonData at all is what direct actions send, and the facts are measured again anyway. An alarm that says it was
    // raised on no number (missing data treated as breaching) tells nothing about the database.
    private static AlarmTarget.Refused? RefuseEvidence(AlarmStateChange alarm) => alarm.State.Evidence is { RecentDatapoints.Count: 0 } evidence
        ? Refused("no-datapoints", $"Alarm {Name(alarm)} was raised without a single datapoint"
            + (evidence.EvaluatedDatapoints is { } periods ? $" in the {Number(periods)} periods it looked at" : "")
            + ": set its missing data treatment to missing.")
        : null;

    private static AlarmTarget FindIn(AlarmStateChange alarm, string metricName)
    {
        var named = alarm.Metrics.Where(metric => metric.Name is not null).Select(metric => (Metric: metric, Target: TargetOf(metric))).ToList();
        var databases = named.Select(line => line.Target).OfType<AlarmTarget>().Distinct().ToList();
        var wanted = named.Where(line => IsWanted(line.Metric, metricName)).ToList();
        if (databases.Count > 1)
            return Refused("several-databases", $"Alarm {Name(alarm)} names {Number(databases.Count)} databases ({Listed(databases)}): make one alarm for each.");
        if (wanted.Exists(line => line.Target is null))
            return Refused("no-database", $"Alarm {Name(alarm)} measures {metricName} without the dimension DBInstanceIdentifier or DBClusterIdentifier.");
        if (wanted.Find(line => line.Target is AlarmTarget.Cluster && !IsOfWriter(line.Metric)).Metric is { } reader)
            return Refused("reader-metric", $"Alarm {Name(alarm)} measures the cluster's role {Shown(reader.Dimensions["Role"])}; only its writer is looked after.");
        return databases[0];
    }

    private static bool IsWanted(AlarmMetric metric, string name) => metric.Namespace == RdsNamespace && metric.Name == name;

    private static bool IsOfWriter(AlarmMetric metric) =>
        !metric.Dimensions.TryGetValue("Role", out var role) || string.Equals(role, "WRITER", StringComparison.OrdinalIgnoreCase);

    private static AlarmTarget? TargetOf(AlarmMetric metric) =>
        Identifier(metric, "DBInstanceIdentifier") is { } instance ? new AlarmTarget.Instance(instance)
        : Identifier(metric, "DBClusterIdentifier") is { } cluster ? new AlarmTarget.Cluster(cluster)
        : null;

    // RDS: 1 to 63 letters, digits or hyphens, stored in lower case. Anything else, above all an ARN of another account, is
    // no identifier to ask for.
    private static string? Identifier(AlarmMetric metric, string dimension) =>
        metric.Dimensions.TryGetValue(dimension, out var id) && id is { Length: > 0 and <= 63 }
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? id.ToLowerInvariant()
            : null;

    private static string Underlying(AlarmStateChange alarm, string rule) => alarm.State.Evidence is { TriggeringAlarms: [_, ..] arns }
        ? $"rule {Shown(rule)}, triggered by {string.Join(", ", arns.Take(5).Select(Shown))}"
        : $"rule {Shown(rule)}";

    private static string Listed(IEnumerable<AlarmTarget> targets) => string.Join(", ", targets.Take(5).Select(target => target switch
    {
        AlarmTarget.Instance instance => $"instance {instance.Id}",
        AlarmTarget.Cluster cluster => $"cluster {cluster.Id}",
        _ => target.ToString(),
    }));

    private static AlarmTarget.Refused Refused(string reason, string sentence) => new(reason, sentence);

    private static string Name(AlarmStateChange alarm) => Shown(alarm.AlarmName);

    private static string Shown(string text) => Printable.Line(text, 200);

    private static string At(AlarmStateChange alarm) => alarm.State.Timestamp.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Whole(TimeSpan time) => time.TotalMinutes < 120
        ? $"{Number((int)time.TotalMinutes)} minutes"
        : $"{Number((int)time.TotalHours)} hours";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
