using System.Text;
using System.Text.Json;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Preparation;

/// <summary>Puts what happened into words: the outcome for machines, the announcement for the person on call. Pure.</summary>
internal static class PreparationConclusions
{
    /// <summary>The role is right, and was before.</summary>
    public static Conclusion Nothing(PreparationReport report) =>
        Tested(report, Decision.NothingToDo, Reasons.AlreadyPrepared, $"role {report.Role} is as sql/bootstrap.sql makes it", isTold: false);

    /// <summary>What would be done. The answer of the invocation is the message.</summary>
    public static Conclusion Shown(PreparationReport report) => new(DatabaseOutcome.Of(
        report.Database, Decision.Observed, Reasons.Prepared, $"{Steps(report)} would be made for role {report.Role}; nothing was changed, since the mode is observe", Details(report)));

    public static Conclusion Done(PreparationReport report) =>
        Tested(report, Decision.Acted, Reasons.Prepared, $"{Steps(report)} made for role {report.Role}", isTold: true);

    /// <summary>It broke off after a plan was there.</summary>
    public static Conclusion Stopped(PreparationReport report, Obstacle obstacle, bool isTold) =>
        Told(report.Database, obstacle, Details(report), report, isTold);

    /// <param name="database">Which.</param>
    /// <param name="obstacle">Why not.</param>
    /// <param name="isTold">Whether people hear of it: whoever only asked for a plan reads the answer.</param>
    public static Conclusion Stopped(RdsDatabase database, Obstacle obstacle, bool isTold) => Told(database, obstacle, DatabaseOutcome.NoDetails, null, isTold);

    /// <summary>No database could be told.</summary>
    public static Conclusion WithoutTarget(string id, Obstacle obstacle) => new(DatabaseOutcome.OfUnknown(id, id, obstacle.Decision, obstacle.Reason, obstacle.Sentence));

    /// <summary>The kill switch's refusal, or <c>null</c> when it lets pass.</summary>
    public static Obstacle? OfSwitch(SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped stopped => Obstacle.Refused(Reasons.Stopped, SwitchSentences.Of(stopped)),
        SwitchState.Unreadable unreadable => Obstacle.Refused(Reasons.SwitchUnreadable, SwitchSentences.Of(unreadable)),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Another run has, or had, the invocation or the database.</summary>
    public static Conclusion NotClaimed(RdsDatabase database, ClaimResult claim) => claim switch
    {
        ClaimResult.Done(var done, var announcement, var notified) =>
            new Conclusion(DatabaseOutcome.Of(database, Decision.NothingToDo, Reasons.AlreadyHandled, "this invocation was handled before", DatabaseOutcome.NoDetails)) with
            {
                // Its run ended between acting and telling: people still have to hear of it.
                Announcement = notified || announcement.Length == 0 ? null : StoredAnnouncement.Read(announcement),
                Claim = done,
            },
        ClaimResult.InFlight(var until) =>
            Stopped(database, Obstacle.Refused(Reasons.InProgress, $"another run is at work on it, until {until.UtcDateTime:HH:mm:ss}Z at the latest"), isTold: false),
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "The key is ours."),
    };

    /// <summary>Why a plan that was to be recorded may not be carried out.</summary>
    public static Obstacle NotRecorded(RecordResult result) => result switch
    {
        RecordResult.Stopped stopped => Obstacle.Refused(Reasons.Stopped, SwitchSentences.Of(stopped)),
        RecordResult.ClaimLost or RecordResult.Duplicate => Obstacle.Refused(Reasons.InProgress, "another run took it over"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "It was recorded."),
    };

    /// <summary>Types and codes only: a message could hold what was being sent.</summary>
    public static Obstacle Of(Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested => Obstacle.Failed(Reasons.OutOfTime, "the function's time was over before anything was committed"),
        _ when AwsFailure.Is(error, deadline) => Obstacle.Failed(Reasons.AwsError, $"an AWS call was not answered as it has to be ({AwsFailure.CodeOf(error)}); nothing was changed"),
        _ => Obstacle.Failed(Reasons.UnexpectedError, $"{error.GetType().Name}; it is not known how"),
    };

    // Whether it is right and whether it logs in are two things: IAM has its own say.
    private static Conclusion Tested(PreparationReport report, Decision decision, string reason, string sentence, bool isTold)
    {
        IReadOnlyList<SelfCheck> checks = [];
        var unseen = report.Master is MasterLogin.Unseen(var why)
            ? new SelfCheck("the master user's password", false, $"see that it still logs in, and where it does not because it counts as a member of rds_iam, log in as the master user with an IAM token and REVOKE rds_iam FROM {report.Role}: {why.Sentence}")
            : null;
        if (report.Test is { } test && !test.Succeeded(out checks!, out var failure))
            return Told(report.Database, Obstacle.Failed(Reasons.CannotLogIn, $"{sentence}, {ObstacleRules.LoginSentence(report.Role, failure)}{(unseen is null ? "" : $"; left to do: {unseen.Name}: {unseen.WhatToDo}")}"), Details(report), report, isTold);
        List<SelfCheck> open = [.. checks.Where(check => !check.Ok), .. unseen is null ? [] : new[] { unseen }];
        var rest = open.Count == 0 ? "it logs in with an IAM token and can do its work" : $"it logs in with an IAM token; left to do: {string.Join("; ", open.Select(check => $"{check.Name}: {check.WhatToDo}"))}";
        var outcome = DatabaseOutcome.Of(report.Database, decision, reason, $"{sentence}; {rest}", Details(report));
        return new Conclusion(outcome, isTold
            ? new Announcement(outcome, open.Count > 0 || report.Plan.Messages.Count > 0 ? Severity.Warning : Severity.Info,
                $"{report.Database.Id}: prepared for the automation", Text(report.Database, outcome.Summary, report, open))
            : null);
    }

    private static Conclusion Told(RdsDatabase database, Obstacle obstacle, JsonElement details, PreparationReport? report, bool isTold)
    {
        var outcome = DatabaseOutcome.Of(database, obstacle.Decision, obstacle.Reason, obstacle.Sentence, details);
        return new Conclusion(outcome, isTold
            ? new Announcement(outcome, obstacle.Decision == Decision.Failed ? Severity.Critical : Severity.Warning, $"{database.Id}: not prepared: {obstacle.Reason}",
                Text(database, $"{outcome.Summary} ({obstacle.Reason})", report, []))
            : null);
    }

    private static string Text(RdsDatabase database, string sentence, PreparationReport? report, List<SelfCheck> open)
    {
        var text = new StringBuilder($"{database.Id}: {sentence}.\n");
        Section(text, report?.Applied switch { true => "WHAT WAS DONE", false => "WHAT WAS PLANNED, AND NOT DONE", null => "WHAT WAS ASKED FOR, AND MAY BE DONE" }, report?.Plan.Steps ?? []);
        Section(text, "WHAT THE SCRIPT WARNS OF", report?.Plan.Messages ?? []);
        Section(text, "WHAT TO DO NEXT", open.Count > 0 ? [.. open.Select(check => $"{check.Name}: {check.WhatToDo}")] : ["ask for the plan again with mode observe: it says whether anything is left to do"]);
        if (report is null) text.Append("\nThis run changed nothing.\n");
        return text.Append($"\n  {database.Arn}\n").ToString();
    }

    private static void Section(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        text.Append($"\n{title}\n");
        foreach (var line in lines) text.Append($"  - {line}\n");
    }

    private static string Steps(PreparationReport report) => report.Plan.Steps.Count == 1 ? "1 change" : $"{report.Plan.Steps.Count} changes";

    private static JsonElement Details(PreparationReport report) => new PreparationDetails
    {
        Plan = report.Plan.Steps,
        Applied = report.Applied,
        Messages = report.Plan.Messages,
        Checks = report.Test is { } test && test.Succeeded(out var checks, out _) ? [.. checks.Select(CheckDetails.Of)] : [],
    }.ToJson();
}
