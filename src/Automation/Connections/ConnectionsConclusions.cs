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
            // Somebody silenced it on purpose. A stale one was delivered too late, and its alarm will not fire again.
            "alarm-suppressed" => null,
            _ => Severity.Warning,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "There is a database."),
    };

    public static Conclusion NotFound(AlarmStateChange alarm) => OfAlarm(alarm, Decision.Refused, "database-not-found",
        "RDS knows no such instance here, or the cluster has no writer", Severity.Warning);

    /// <summary>RDS, the ledger or we ourselves failed before any session was ended.</summary>
    public static Conclusion Broken(AlarmStateChange alarm, Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested =>
            OfAlarm(alarm, Decision.Failed, "out-of-time", "the run's time was over before anything was decided", Severity.Critical),
        AmazonServiceException { ErrorCode.Length: > 0 } answered =>
            OfAlarm(alarm, Decision.Failed, "aws-error", $"an AWS call was answered with {answered.ErrorCode}: {answered.Message}", Severity.Critical),
        _ when AwsFailure.Is(error, deadline) =>
            OfAlarm(alarm, Decision.Failed, "aws-error", $"an AWS call was not answered: {error.Message}", Severity.Critical),
        _ => OfAlarm(alarm, Decision.Failed, "unexpected-error", $"{error.GetType().Name}: {error.Message}", Severity.Critical),
    };

    /// <summary>A guard said no before the server was asked.</summary>
    public static Conclusion Refused(RdsDatabase database, string reason, string sentence, Severity? severity) =>
        Conclude(OutcomeOf(database, Decision.Refused, reason, sentence), severity,
            $"{database.Id}: connections not relieved: {reason}",
            $"{database.Id} may be running out of connections, and nothing was done: {End(sentence)}");

    /// <summary>The kill switch's refusal, or <c>null</c> when it lets pass.</summary>
    public static Conclusion? OfSwitch(RdsDatabase database, SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped stopped => Refused(database, "stopped", SwitchSentences.Of(stopped), Severity.Warning),
        SwitchState.Unreadable unreadable => Refused(database, "switch-unreadable", SwitchSentences.Of(unreadable), Severity.Critical),
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

    /// <summary>Whether a second try may help decides between failed, which Lambda tries again, and refused.</summary>
    public static Conclusion CannotGetIn(RdsDatabase database, string role, DatabaseFailure failure)
    {
        var (reason, sentence) = LoginFailures.Explain(database, role, failure);
        return failure.Class is FailureClass.Unreachable or FailureClass.StartingUp or FailureClass.ShuttingDown
            ? Failed(database, reason, sentence)
            : Refused(database, reason, sentence, Severity.Critical);
    }

    public static Conclusion CannotMeasure(RdsDatabase database, DatabaseFailure failure) =>
        Failed(database, "cannot-measure", failure.Sentence);

    /// <summary>A failover just now. The alarm changes once, and it is the new writer that is stormed: the next attempt finds it.</summary>
    public static Conclusion WriterMoved(RdsDatabase database) =>
        Failed(database, "writer-moved", $"RDS calls it the writer of cluster {database.ClusterId}, but it takes no writes any more: readers are left to their own pools");

    /// <summary>The rules looked at the server and said: not now.</summary>
    public static Conclusion Undisturbed(RdsDatabase database, Relief relief, ConnectionDecision decision) => decision switch
    {
        // The attempt that did the work died before it could say so.
        ConnectionDecision.NothingToDo(_, var sentence) when relief.EndedEarlier.Count > 0 =>
            WithFacts(database, relief, Decision.Acted, "usage-above-target", sentence, Severity.Warning,
                $"{database.Id}: ended {Count(relief.EndedEarlier.Count)}, {Usage(relief.Before)}"),
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
    public static Conclusion Acted(RdsDatabase database, Relief relief, int target)
    {
        var now = relief.After ?? relief.Before;
        if (relief.Ended + relief.Signalled + relief.EndedEarlier.Count == 0)
        {
            return relief.Stopped is { } stop
                ? NotRelieved(stop.Reason, stop.Sentence)
                : now.Used > target
                    ? NotRelieved("sessions-moved-on", "every session that was chosen was in use again before it was ended")
                    : WithFacts(database, relief, Decision.NothingToDo, "usage-at-target", $"{Usage(now)} by now", null, "");
        }

        var summary = $"ended {Count(relief.Ended)}; {Usage(relief.Before)} -> {now.Used}"
            + (relief.Signalled > 0 ? $"; {relief.Signalled} more signalled and not seen to end" : "")
            + (relief.Stopped is { } stopped ? $"; stopped: {stopped.Sentence}" : "");
        return WithFacts(database, relief, Decision.Acted, relief.Stopped?.Reason ?? "usage-above-target", summary,
            relief.Stopped is not null || relief.Escalated.Count > 0 || now.Used >= now.Slots.Usable ? Severity.Critical : Severity.Warning,
            $"{database.Id}: ended {Count(relief.Ended)}, connection slots {relief.Before.Used} -> {now.Used} of {relief.Before.Slots.Usable}");

        Conclusion NotRelieved(string reason, string sentence) => WithFacts(database, relief, Decision.Refused, reason, sentence,
            Severity.Critical, $"{database.Id}: connections not relieved: {reason}");
    }

    /// <summary>Something broke on the way; what was done until then is in the outcome.</summary>
    public static Conclusion Broken(RdsDatabase database, Stop broken, Relief relief) =>
        WithFacts(database, relief, Decision.Failed, broken.Reason, $"{broken.Sentence}; {Count(relief.Ended)} had been ended",
            Severity.Critical, $"{database.Id}: relieving connections failed: {broken.Reason}");

    private static Conclusion Failed(RdsDatabase database, string reason, string sentence) =>
        Conclude(OutcomeOf(database, Decision.Failed, reason, sentence), Severity.Critical,
            $"{database.Id}: relieving connections failed: {reason}",
            $"{database.Id} may be running out of connections, and nothing could be done: {End(sentence)}");

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
            $"Alarm {Text.Name(alarm.AlarmName)} asked for help, and nothing was done: {End(Printable.Line(sentence))}");

    private static Conclusion WithFacts(RdsDatabase database, Relief relief, Decision decision, string reason, string sentence,
        Severity? severity, string headline)
    {
        if (relief.EndedEarlier.Count > 0)
            sentence += $"; an earlier attempt at this alarm, which did not live to tell, had ended {Count(relief.EndedEarlier.Count)}";
        var outcome = OutcomeOf(database, decision, reason, sentence) with { Details = ConnectionsDetails.Of(relief) };
        var now = relief.After ?? relief.Before;
        MetricValue[] metrics =
        [
            MetricValue.ConnectionsUsedRatio(now.Slots.Usable == 0 ? 1 : (double)now.Used / now.Slots.Usable),
            MetricValue.SessionsTerminated(relief.Ended + relief.Signalled),
        ];
        var opening = string.Create(CultureInfo.InvariantCulture, $"{database.Id}: {End(sentence)}");
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

    private static string End(string sentence) => sentence.EndsWith('.') ? sentence : sentence + ".";

    private static string Count(int sessions) => sessions == 1 ? "1 session" : $"{sessions} sessions";

    private static string Usage(ConnectionFacts facts) => $"{facts.Used} of {facts.Slots.Usable} usable slots";
}
