using Amazon.Runtime;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Snapshots;

/// <summary>Puts what happened into words: the outcome for machines, the announcement for the person on call. Pure.</summary>
internal static class SnapshotsConclusions
{
    /// <summary>The outcome's database where it is about all of them.</summary>
    public const string Fleet = "fleet";

    public static Conclusion Of(RdsDatabase database, Decision decision, string reason, string sentence, SnapshotsDetails? details = null) =>
        new(OutcomeOf(database, decision, reason, sentence, details));

    /// <summary>Something was not done, or is not as it should be.</summary>
    public static Conclusion Of(RdsDatabase database, Finding finding, SnapshotsDetails? details = null)
    {
        var outcome = OutcomeOf(database, finding.Failed ? Decision.Failed : Decision.Refused, finding.Reason, finding.Sentence, details);
        return new Conclusion(outcome, finding.Severity is { } severity
            ? new Announcement(outcome, severity, $"{database.Id}: snapshots: {finding.Reason}", TextOf(database.Id, database.Arn, finding))
            : null, About: finding.About);
    }

    /// <summary>It is about no database in particular.</summary>
    public static Conclusion OfFleet(string resource, Finding finding)
    {
        var outcome = DatabaseOutcome.OfUnknown(Fleet, resource, finding.Failed ? Decision.Failed : Decision.Refused, finding.Reason, finding.Sentence);
        return new Conclusion(outcome, finding.Severity is { } severity
            ? new Announcement(outcome, severity, $"snapshots: {finding.Reason}", TextOf(Fleet, resource, finding))
            : null);
    }

    /// <summary>A person asked for a database that is not here or does not opt in.</summary>
    public static Conclusion NotHere(string id, string reason, string sentence) =>
        new(DatabaseOutcome.OfUnknown(id, id, Decision.Refused, reason, sentence));

    /// <summary>An event about something that is not ours.</summary>
    public static Conclusion Nothing(string id, string reason, string sentence) =>
        new(DatabaseOutcome.OfUnknown(id, id, Decision.NothingToDo, reason, sentence));

    /// <summary>
    /// No database asks for snapshots. The age is told as nothing, so that the alarm on it can tell this from a run that did not
    /// happen.
    /// </summary>
    public static Conclusion NobodyAsks(string resource) => new(
        DatabaseOutcome.OfUnknown(Fleet, resource, Decision.NothingToDo, Reasons.NotOptedIn, "no database asks for snapshots"),
        Metrics: [MetricValue.SnapshotAgeHours(TimeSpan.Zero)]);

    public static Conclusion Digest(string resource, string headline, string text)
    {
        var outcome = DatabaseOutcome.OfUnknown(Fleet, resource, Decision.NothingToDo, Reasons.WeeklyDigest, headline);
        return new Conclusion(outcome, new Announcement(outcome, Severity.Info, headline, text));
    }

    /// <summary>Why RDS did not do it; <c>null</c> where somebody else had done it.</summary>
    /// <param name="answer">RDS's.</param>
    /// <param name="doing">As in "copying X to eu-west-1".</param>
    public static Finding? Of(SnapshotAnswer answer, string doing) => answer.Fault switch
    {
        null => null,
        SnapshotFault.NotFound => null,
        SnapshotFault.AlreadyExists => new(Reasons.NameTaken, $"{doing}: another snapshot has this name", Severity.Warning),
        SnapshotFault.WrongState => new(Reasons.StateChanged, $"{doing}: RDS says {Words(answer)}; a later run tries again", null),
        SnapshotFault.QuotaReached => new(Reasons.QuotaReached, $"{doing}: {Words(answer)}", Severity.Critical),
        SnapshotFault.CopyLimitReached => new(Reasons.CopyWaiting, $"{doing} waits for other copies: {Words(answer)}", null),
        SnapshotFault.SharingLimitReached => new(Reasons.SharingLimit, $"{doing}: {Words(answer)}", Severity.Warning),
        SnapshotFault.KeyNotAccessible => new(Reasons.KeyUnusable, $"{doing}: {Words(answer)}", Severity.Warning),
        SnapshotFault.Throttled => new(Reasons.Throttled, $"{doing}: AWS asks for fewer calls, also after several tries", Severity.Warning, Failed: true),
        SnapshotFault.Denied => new(Reasons.NotPermitted, $"{doing}: {Words(answer)}", Severity.Critical),
        // RDS refused it, and would again: what is not known whether it was done, or may be soon, throws or is above.
        _ => new(Reasons.AwsError, $"{doing}: {Words(answer)}", Severity.Critical),
    };

    /// <summary>What broke before an answer came.</summary>
    public static Finding Broken(Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested => OutOfTime,
        AmazonServiceException answered when SnapshotFaults.Of(answered.ErrorCode, answered.Message) is { Fault: SnapshotFault.Throttled or SnapshotFault.Denied } known =>
            Of(known, "an AWS call")!,
        AmazonServiceException { ErrorCode.Length: > 0 } answered =>
            new(Reasons.AwsError, $"an AWS call was answered with {answered.ErrorCode}: {Printable.Line(answered.Message)}", Severity.Critical, Failed: true),
        _ when AwsFailure.Is(error, deadline) => new(Reasons.AwsError, $"an AWS call was not answered: {Printable.Line(error.Message)}", Severity.Critical, Failed: true),
        _ => new(Reasons.UnexpectedError, $"{error.GetType().Name}: {Printable.Line(error.Message)}", Severity.Critical, Failed: true),
    };

    /// <summary>The retry goes on where this run ended.</summary>
    public static Finding OutOfTime { get; } = new(Reasons.OutOfTime, "the function's time is nearly over; the next run goes on from here", null, Failed: true);

    /// <summary>The kill switch's refusal, or <c>null</c> when it lets pass.</summary>
    public static Finding? StopOf(SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped stopped => new(Reasons.Stopped, SwitchSentences.Of(stopped), Severity.Warning),
        SwitchState.Unreadable unreadable => new(Reasons.SwitchUnreadable, SwitchSentences.Of(unreadable), Severity.Critical),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Why a recorded action may not be taken, or <c>null</c>.</summary>
    public static Finding? StopOf(RecordResult result) => result switch
    {
        RecordResult.Recorded => null,
        RecordResult.Stopped stopped => new(Reasons.Stopped, SwitchSentences.Of(stopped), Severity.Warning),
        RecordResult.ClaimLost => new(Reasons.InProgress, "another run took this database over", null),
        RecordResult.Duplicate => new(Reasons.InProgress, "another run is doing the same", null),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static string TextOf(string subject, string resource, Finding finding) =>
        $"{subject}: {finding.Sentence}{(finding.Sentence.EndsWith('.') ? "" : ".")}\n\nWHERE\n  {resource}\n  reason: {finding.Reason}\n{(finding.TakeLog is { } log ? $"  log of TakeSnapshots: {log}\n" : "")}\nWHAT TO DO NEXT\n  - {Advice.For(finding.Reason)}\n";

    private static string Words(SnapshotAnswer answer) => $"{answer.Code}: {Printable.Line(answer.Message)}";

    private static Outcome OutcomeOf(RdsDatabase database, Decision decision, string reason, string sentence, SnapshotsDetails? details) =>
        DatabaseOutcome.Of(database, decision, reason, sentence, details?.ToJson() ?? DatabaseOutcome.NoDetails);
}
