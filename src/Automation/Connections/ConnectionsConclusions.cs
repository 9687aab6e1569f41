using System.Globalization;
using Amazon.Runtime;
using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Connections;

/// <summary>Puts what happened into words: the outcome for machines, the announcement for the person on call. Pure.</summary>
internal static class ConnectionsConclusions
{
    /// <summary>No database could be told from the alarm.</summary>
    public static Conclusion WithoutTarget(AlarmStateChange alarm, AlarmTarget target) => target switch
    {
        AlarmTarget.NotInAlarm(var state) => OfAlarm(alarm, Decision.NothingToDo, "not-in-alarm", $"the alarm is {state}", null),
        AlarmTarget.Refused(var reason, var sentence) => OfAlarm(alarm, Decision.Refused, reason, sentence, reason switch
        {
            // What CloudWatch does in the normal course of things; nobody has to change anything.
            "stale-event" or "alarm-suppressed" or "reader-metric" => null,
            _ => Severity.Warning,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "There is a database."),
    };

    public static Conclusion NotFound(AlarmStateChange alarm) => OfAlarm(alarm, Decision.Refused, "database-not-found",
        "RDS knows no such instance here, or the cluster has no writer", Severity.Warning);

    /// <summary>RDS or the ledger did not answer.</summary>
    public static Conclusion AwsFailed(AlarmStateChange alarm, Exception error) => OfAlarm(alarm, Decision.Failed, "aws-error",
        error is AmazonServiceException { ErrorCode.Length: > 0 } answered
            ? $"an AWS call was answered with {answered.ErrorCode}: {answered.Message}"
            : $"an AWS call was not answered: {error.Message}", Severity.Critical);

    /// <summary>A guard said no before the server was asked.</summary>
    public static Conclusion Refused(RdsDatabase database, string reason, string sentence, Severity? severity) =>
        Conclude(OutcomeOf(database, Decision.Refused, reason, sentence), severity,
            $"{database.Id}: connections not relieved: {reason}",
            $"{database.Id} may be running out of connections, and nothing was done: {sentence}.");

    /// <summary>The kill switch's refusal, or <c>null</c> when it lets pass.</summary>
    public static Conclusion? OfSwitch(RdsDatabase database, SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped(var which, var why) => Refused(database, "stopped",
            $"the kill switch ({which}) is on{(why is null ? "" : $": {Printable.Line(why)}")}", Severity.Warning),
        SwitchState.Unreadable(var error) => Refused(database, "switch-unreadable",
            $"the kill switch could not be read ({error}), which counts as stopped", Severity.Critical),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Another run has, or had, the key.</summary>
    public static Conclusion NotClaimed(RdsDatabase database, ClaimResult claim) => claim switch
    {
        ClaimResult.Done(var done, var announcement, var notified) =>
            new Conclusion(OutcomeOf(database, Decision.NothingToDo, "already-handled", "this change of the alarm was handled before"))
            {
                // Its run ended between acting and telling: people still have to hear of it.
                Announcement = notified || announcement.Length == 0 ? null : StoredAnnouncement.Read(announcement),
                Claim = done,
            },
        ClaimResult.InFlight(var until) => Refused(database, "in-progress",
            $"another run is at work on it, until {until.UtcDateTime:HH:mm:ss}Z at the latest", null),
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "The key is ours."),
    };

    public static Conclusion CannotGetIn(RdsDatabase database, string role, DatabaseFailure failure)
    {
        var (reason, sentence) = LoginFailures.Explain(database, role, failure);
        return Refused(database, reason, sentence, Severity.Critical);
    }

    /// <summary>The rules looked at the server and said: not now.</summary>
    public static Conclusion Undisturbed(RdsDatabase database, Relief relief, ConnectionDecision decision) => decision switch
    {
        ConnectionDecision.NothingToDo(var reason, var sentence) =>
            WithFacts(database, relief, Decision.NothingToDo, reason, sentence, null, ""),
        ConnectionDecision.Refuse(var reason, var sentence, var severity) =>
            WithFacts(database, relief, Decision.Refused, reason, sentence, severity, $"{database.Id}: connections not relieved: {reason}"),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "A plan is carried out or observed."),
    };

    /// <summary>The mode is <c>observe</c>: what would have been done.</summary>
    public static Conclusion Observed(RdsDatabase database, Relief relief) =>
        WithFacts(database, relief, Decision.Observed, "usage-above-target",
            $"would end {Count(relief.Attempts.Count)} of {Usage(relief.Before)}", Severity.Warning,
            $"{database.Id}: would end {Count(relief.Attempts.Count)} (observe), {Usage(relief.Before)}");

    /// <summary>The plan was carried out, wholly or until something stopped it.</summary>
    public static Conclusion Acted(RdsDatabase database, Relief relief)
    {
        if (relief.Attempts.All(attempt => attempt.Result is TerminationResult.Changed))
        {
            return relief.Stopped is { } stop
                ? WithFacts(database, relief, Decision.Refused, stop.Reason, stop.Sentence, Severity.Critical,
                    $"{database.Id}: connections not relieved: {stop.Reason}")
                : WithFacts(database, relief, Decision.NothingToDo, "sessions-moved-on",
                    "every session that was chosen changed before it was ended: they are in use", null, "");
        }

        var after = relief.After?.Used ?? relief.Before.Used - relief.Ended;
        var stillFull = after >= relief.Before.Slots.Usable;
        var summary = $"ended {Count(relief.Ended)}; {Usage(relief.Before)} -> {after}"
            + (relief.Stopped is { } stopped ? $"; stopped: {stopped.Sentence}" : "");
        return WithFacts(database, relief, Decision.Acted, relief.Stopped?.Reason ?? "usage-above-target", summary,
            relief.Stopped is not null || relief.Escalated.Count > 0 || stillFull ? Severity.Critical : Severity.Warning,
            $"{database.Id}: ended {Count(relief.Ended)}, connection slots {relief.Before.Used} -> {after} of {relief.Before.Slots.Usable}");
    }

    /// <summary>Something broke on the way; what was done until then is in the outcome.</summary>
    public static Conclusion Broken(RdsDatabase database, Stop broken, Relief relief) =>
        WithFacts(database, relief, Decision.Failed, broken.Reason, $"{broken.Sentence}; {Count(relief.Ended)} had been ended",
            Severity.Critical, $"{database.Id}: relieving connections failed: {broken.Reason}");

    private static Conclusion OfAlarm(AlarmStateChange alarm, Decision decision, string reason, string sentence, Severity? severity) =>
        Conclude(new Outcome
        {
            Database = Text.Name(alarm.AlarmName),
            Kind = "unknown",
            Decision = decision,
            Reason = reason,
            Summary = Printable.Line(sentence),
            Resource = alarm.AlarmArn,
            Details = ConnectionsDetails.None,
        }, severity, $"alarm {Text.Name(alarm.AlarmName)}: connections not relieved: {reason}",
            $"Alarm {Text.Name(alarm.AlarmName)} asked for help, and nothing was done: {Printable.Line(sentence)}.");

    private static Conclusion WithFacts(RdsDatabase database, Relief relief, Decision decision, string reason, string sentence,
        Severity? severity, string headline)
    {
        var outcome = OutcomeOf(database, decision, reason, sentence) with { Details = ConnectionsDetails.Of(relief) };
        var now = relief.After ?? relief.Before;
        MetricValue[] metrics =
        [
            MetricValue.ConnectionsUsedRatio(now.Slots.Usable == 0 ? 1 : (double)now.Used / now.Slots.Usable),
            MetricValue.SessionsTerminated(relief.Ended),
        ];
        var opening = string.Create(CultureInfo.InvariantCulture, $"{database.Id}: {sentence}.");
        return Conclude(outcome, severity, headline, severity is null ? "" : ConnectionsReport.Write(database.Id, relief, opening)) with { Metrics = metrics };
    }

    private static Conclusion Conclude(Outcome outcome, Severity? severity, string headline, string text) =>
        new(outcome, severity is { } loudness ? new Announcement(outcome, loudness, headline, text) : null);

    private static Outcome OutcomeOf(RdsDatabase database, Decision decision, string reason, string sentence) => new()
    {
        Database = database.Id,
        Kind = database.Kind == DatabaseKind.Cluster ? "cluster" : "instance",
        Decision = decision,
        Reason = reason,
        Summary = Printable.Line(sentence),
        Resource = database.Arn,
        Details = ConnectionsDetails.None,
    };

    private static string Count(int sessions) => sessions == 1 ? "1 session" : $"{sessions} sessions";

    private static string Usage(ConnectionFacts facts) => $"{facts.Used} of {facts.Slots.Usable} usable slots";
}
