using System.Globalization;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Storage.Forecast;
using Automation.Telemetry;

namespace Automation.Storage;

/// <summary>Puts what happened into words: the outcome for machines, the announcement for the person on call. Pure.</summary>
internal static class StorageConclusions
{
    // Fits on one line of a telephone's or a terminal's list of mail, the severity before it.
    private const int LongestHeadline = 79;

    /// <summary>RDS took a bigger size, or would have been asked for it.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="grow">What was decided.</param>
    /// <param name="acted"><c>false</c> in <c>observe</c>.</param>
    /// <param name="note">What else is to be known of the call; <c>null</c> for nothing.</param>
    public static Conclusion Grown(StorageReport report, StorageDecision.Grow grow, bool acted, string? note)
    {
        var (volume, step) = (report.Facts.Volume, grow.Step);
        var sizes = Inv($"{volume.AllocatedGiB} -> {step.TargetGiB} GiB");
        var what = acted ? $"storage grown {sizes}" : $"storage would be grown {sizes}";
        var why = grow.IsStopgap ? Inv($", as a stopgap: {report.Facts.Diagnosis.Brief}") : Inv($", because {Why(report)}");
        var limit = step.Short is { } reached ? $"; it should be more, but {reached.Sentence}" : "";
        var outcome = DatabaseOutcome.Of(volume.Database, acted ? Decision.Acted : Decision.Observed, grow.IsStopgap ? Reasons.Stopgap : Reasons.Grown,
            what + why + limit, StorageDetails.Of(report, step.TargetGiB).ToJson());
        var severity = grow.IsStopgap ? Severity.Critical : step.Short is not null ? Severity.Warning : Severity.Info;
        List<string> next = !acted
            ? [Inv($"if you agree: the tag act, in a stack with Mode=act, or grow it by hand to {step.TargetGiB} GiB; and then, what follows")]
            : grow.IsStopgap ? ["end the cause: more room is not the cure, and this was the only stopgap of 7 days"] : [];
        if (step.Short is { } end) next.Add($"this was as much as it may have: {end.Sentence}");
        next.Add(Inv($"infrastructure code: set the allocated storage to {step.TargetGiB} GiB, or its next run tries to shrink it, which RDS refuses"));
        if (volume.Replicas.Count > 0) next.Add($"grow its replicas too, or replication stops when they are full: {string.Join(", ", volume.Replicas)}");
        next.Add(Inv($"alarm on free storage: a tenth of {step.TargetGiB} GiB is {step.TargetGiB * (1L << 30) / 10} bytes"));
        var done = acted
            ? Inv($"RDS was asked for {step.TargetGiB} GiB and took it{(note is null ? "" : $" ({note})")}. {(volume.IsFull ? "The database starts when it has the room" : "It grows while the database runs")}; for 6 hours, and until the optimization is over, RDS takes no other change of the size.")
            : Inv($"Nothing: the mode is observe. It would be grown to {step.TargetGiB} GiB.");
        done = $"{done} {StorageText.WhyThisSize(StorageRules.Need(report.Facts, report.Policy, grow.IsStopgap), step, volume.AllocatedGiB)}";
        var text = StorageText.Of($"{volume.Database.Id}: {what}{why}{limit}.", report, done, next);
        var metrics = MetricsOf(report);
        if (acted) metrics.Add(MetricValue.StorageGrownGiB(step.TargetGiB - volume.AllocatedGiB));
        return new Conclusion(outcome, new Announcement(outcome, severity, $"{volume.Database.Id}: {what}{(grow.IsStopgap ? " (stopgap)" : "")}", text), Metrics: metrics);
    }

    /// <summary>Measured, and not grown.</summary>
    public static Conclusion Undisturbed(StorageReport report, StorageDecision decision) => decision switch
    {
        StorageDecision.Nothing(var reason, var sentence) => new Conclusion(
            DatabaseOutcome.Of(report.Facts.Volume.Database, Decision.NothingToDo, reason, sentence, StorageDetails.Of(report, null).ToJson()), Metrics: MetricsOf(report)),
        StorageDecision.Refused(var reason, var sentence) => Refused(report, Decision.Refused, reason, sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "It grows."),
    };

    /// <summary>A forecast, and what it warns of.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="warnings"><see cref="WarningRules.Of"/>.</param>
    public static Conclusion Forecast(StorageReport report, IReadOnlyList<Warning> warnings)
    {
        var (database, outlook, details) = (report.Facts.Volume.Database, report.Facts.Outlook, StorageDetails.Of(report, null).ToJson());
        if (warnings.Count == 0)
        {
            var (reason, calm) = outlook switch
            {
                { Unknown: { } why } => (Reasons.CannotForecast, $"there is no forecast yet: {why}"),
                { DaysToCap: { } cap } when report.Facts.Volume.AutoscalingCapGiB is { } most => (Reasons.EnoughTime, Inv($"RDS grows it by itself, up to MaxAllocatedStorage of {most} GiB in {StorageText.Range(cap)}")),
                { DaysToCap: { } atCap, Days: { Likely: >= DaysToFull.Furthest } } => (Reasons.EnoughTime, $"at the size that is never passed in {StorageText.Range(atCap)}"),
                { Days: { } days } => (Reasons.EnoughTime, $"full in {StorageText.Range(days)}"),
                _ => (Reasons.NotGrowing, "it does not grow"),
            };
            return new Conclusion(DatabaseOutcome.Of(database, Decision.NothingToDo, reason, calm, details), Metrics: MetricsOf(report));
        }
        var (first, sentence) = (warnings[0], string.Join("; ", warnings.Select(warning => warning.Sentence)));
        var outcome = DatabaseOutcome.Of(database, Decision.Refused, first.Reason, sentence, details);
        var text = StorageText.Of($"{database.Id}: {sentence} ({first.Reason}).", report, null, [.. warnings.Select(NextAfter).Distinct(StringComparer.Ordinal)]);
        return new Conclusion(outcome, new Announcement(outcome, warnings.Max(warning => warning.Severity), $"{database.Id}: storage: {first.Reason}", text), Metrics: MetricsOf(report));
    }

    /// <summary>RDS said no, or nothing.</summary>
    public static Conclusion NotTaken(StorageReport report, int targetGiB, GrowthAnswer answer) => answer switch
    {
        GrowthAnswer.Refused(var code, var message) => Refused(report, Decision.Refused, Reasons.CallRefused, Inv($"RDS refused {targetGiB} GiB: {code}: {message}")),
        GrowthAnswer.Unanswered(var why) => Refused(report, Decision.Failed, Reasons.Unanswered,
            Inv($"RDS was asked for {targetGiB} GiB and did not answer ({why}), and does not show it: it may come. Asking for the same size again does no harm")),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "It was taken."),
    };

    /// <summary>The size was asked for by an attempt that did not live to tell.</summary>
    public static Conclusion GrownEarlier(RdsDatabase database, ActionRecord record)
    {
        var sizes = GrowthImage.Read(record.Before) is { } image ? Inv($"{image.AllocatedGiB} -> {image.TargetGiB} GiB{(image.Stopgap ? " (stopgap)" : "")}, because of {image.Why}") : record.Key;
        var sentence = $"storage was grown {sizes}, at {Words.At(record.At)} by an attempt that did not live to tell";
        var outcome = DatabaseOutcome.Of(database, Decision.Acted, Reasons.Grown, sentence, DatabaseOutcome.NoDetails);
        return new Conclusion(outcome, new Announcement(outcome, Severity.Warning, $"{database.Id}: storage grown {sizes}", $"{database.Id}: {sentence}.\n\nWHAT TO DO NEXT\n  - look at why it was needed: the record is in the ledger\n  - infrastructure code: set the allocated storage to the new size\n")).Of(record);
    }

    public static Conclusion Refused(RdsDatabase database, string reason, string sentence, Severity? severity) =>
        Told(database, Decision.Refused, reason, sentence, severity);

    /// <summary>A forecast that is asked for, and not made.</summary>
    public static Conclusion NotForecast(RdsDatabase database, string reason, string sentence, Severity? severity) =>
        Told(database, Decision.Refused, reason, sentence, severity, $"storage not forecast: {reason}");

    public static Conclusion Failed(RdsDatabase database, string reason, string sentence) => Told(database, Decision.Failed, reason, sentence, Severity.Critical);

    public static Conclusion Nothing(RdsDatabase database, string reason, string sentence) => Told(database, Decision.NothingToDo, reason, sentence, null);

    /// <summary>No database could be told.</summary>
    public static Conclusion WithoutTarget(string name, string resource, Decision decision, string reason, string sentence, Severity? severity)
    {
        var outcome = DatabaseOutcome.OfUnknown(name, resource, decision, reason, sentence);
        return new Conclusion(outcome, severity is { } loudness
            ? new Announcement(outcome, loudness, $"{outcome.Database}: storage: {reason}", $"{outcome.Summary}\n\nThis run changed nothing.\n")
            : null);
    }

    /// <summary>The run's time was over before this one's turn. In error and without a message: Lambda tries again, and then it is its turn.</summary>
    public static Conclusion OutOfTime(RdsDatabase database) => Told(database, Decision.Failed, Reasons.OutOfTime, "it is nearly full, and the run's time was over before it was looked at; it is tried again", null);

    /// <summary>Something broke, and nothing was asked of RDS.</summary>
    public static Conclusion Broken(string name, string resource, Exception error, CancellationToken deadline)
    {
        var (reason, sentence) = Explain(error, deadline);
        return WithoutTarget(name, resource, Decision.Failed, reason, sentence, Severity.Critical);
    }

    /// <inheritdoc cref="Broken(string, string, Exception, CancellationToken)"/>
    public static Conclusion Broken(RdsDatabase database, Exception error, CancellationToken deadline)
    {
        var (reason, sentence) = Explain(error, deadline);
        return Failed(database, reason, sentence);
    }

    /// <summary>The kill switch's refusal, or <c>null</c> when it lets pass.</summary>
    public static Conclusion? OfSwitch(RdsDatabase database, SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped stopped => Refused(database, Reasons.Stopped, SwitchSentences.Of(stopped), Severity.Warning),
        SwitchState.Unreadable unreadable => Refused(database, Reasons.SwitchUnreadable, SwitchSentences.Of(unreadable), Severity.Critical),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Another run has, or had, the event or the database.</summary>
    public static Conclusion NotClaimed(RdsDatabase database, ClaimResult claim) => claim switch
    {
        ClaimResult.Done(var done, var announcement, var notified) => Nothing(database, Reasons.AlreadyHandled, "this event was handled before") with
        {
            // Its run ended between acting and telling: people still have to hear of it.
            Announcement = notified || announcement.Length == 0 ? null : StoredAnnouncement.Read(announcement),
            Claim = done,
        },
        ClaimResult.InFlight(var until) => Refused(database, Reasons.InProgress, $"another run is at work on it, until {until.UtcDateTime:HH:mm:ss}Z at the latest", null),
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "The key is ours."),
    };

    /// <summary>
    /// Another run is at work on the database, for another reason: it may have measured before this one's became true. Without a
    /// message, and in error, so that Lambda tries again.
    /// </summary>
    public static Conclusion LeaseTaken(RdsDatabase database, ClaimResult claim) => Told(database, Decision.Failed, Reasons.InProgress, claim is ClaimResult.InFlight(var until)
        ? $"another run is at work on it, until {until.UtcDateTime:HH:mm:ss}Z at the latest; this one is tried again"
        : "its lease is taken for good: delete the item from the ledger", null);

    /// <summary>Why a size that was to be recorded may not be asked for.</summary>
    public static Conclusion NotRecorded(RdsDatabase database, RecordResult result) => result switch
    {
        RecordResult.Stopped stopped => Refused(database, Reasons.Stopped, SwitchSentences.Of(stopped), Severity.Warning),
        RecordResult.ClaimLost or RecordResult.Duplicate => Refused(database, Reasons.InProgress, "another run took it over", null),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "It was recorded."),
    };

    private static Conclusion Refused(StorageReport report, Decision decision, string reason, string sentence)
    {
        var (database, left) = (report.Facts.Volume.Database, StorageRules.Left(report.Facts));
        var outcome = DatabaseOutcome.Of(database, decision, reason, sentence, StorageDetails.Of(report, null).ToJson());
        var severity = decision == Decision.Failed || left < report.Policy.React ? Severity.Critical : Severity.Warning;
        var unknown = reason == Reasons.Unanswered;
        var text = StorageText.Of($"{database.Id}: {(unknown ? "it is not known whether storage was grown" : "storage was not grown")}: {sentence} ({reason}).", report, null, NextAfter(reason));
        var headline = $"{database.Id}: storage {(unknown ? "perhaps" : "not")} grown: ";
        return new Conclusion(outcome, new Announcement(outcome, severity, headline + What(reason, report.Facts.Diagnosis.Brief, LongestHeadline - headline.Length), text), Metrics: MetricsOf(report));
    }

    /// <summary>The reason, and what fills the disk where that is why: as much as there is room for in a subject, and the cause before its code.</summary>
    private static string What(string reason, string cause, int room)
    {
        if (reason is not (Reasons.CauseNotCured or Reasons.CauseUnknown or Reasons.StopgapUsed)) return reason;
        var both = $"{reason}: {cause}";
        return both.Length <= room ? both : cause.Length <= room ? cause : reason;
    }

    private static List<string> NextAfter(string reason) => reason switch
    {
        Reasons.CauseNotCured or Reasons.CauseUnknown or Reasons.StopgapUsed =>
            ["end the cause: nothing is dropped or deleted by the automation. Statements: as the master user, in the database postgres; the space is free after the next checkpoint (CHECKPOINT;), and FreeStorageSpace follows some minutes later"],
        Reasons.AtCap => ["free space, or raise the limit that is named above"],
        Reasons.NeedsCopy => ["choose a quiet time, and put past-400=yes into the tag, or grow it by hand"],
        Reasons.IopsRatio => ["raise its provisioned IOPS together with the size, by hand"],
        Reasons.TypeLimit => ["free space, move to another storage type, or split the database"],
        Reasons.GrowthBudget => ["look at what fills it before it is grown again, by hand"],
        Reasons.Autoscaling => ["raise MaxAllocatedStorage if it is near, and look at RDS's events 0217 to 0225"],
        Reasons.PendingChanges => ["apply or take back the pending changes; it is looked at again within the hour"],
        Reasons.Busy or Reasons.Cooldown => ["nothing, while there is time: it is looked at again within the hour, and grown then if it still has to be"],
        Reasons.NoMeasurement => ["look whether the instance runs and reports to CloudWatch"],
        Reasons.CallRefused => ["read what RDS says, and grow it by hand"],
        _ => ["look at it, and invoke the function by hand for what it would do (mode observe)"],
    };

    private static string NextAfter(Warning warning) => warning.Reason switch
    {
        Reasons.FillsSoon => "look at what fills it; GrowStorage grows it when its alarm is raised, as far as its tag and RDS allow",
        Reasons.CannotGrowFurther => "choose now what is to happen then: another limit in the tag, a copy past 400 GiB at a quiet time, other IOPS, or less data",
        Reasons.AlarmOutgrown => "set the alarm to what fits",
        Reasons.LocalStorageLow => "look for queries that spill and for logs; a larger instance class is a failover, and is left to you",
        _ => "look whether the database runs and reports to CloudWatch",
    };

    private static Conclusion Told(RdsDatabase database, Decision decision, string reason, string sentence, Severity? severity, string? headline = null)
    {
        var outcome = DatabaseOutcome.Of(database, decision, reason, sentence, DatabaseOutcome.NoDetails);
        return new Conclusion(outcome, severity is { } loudness
            ? new Announcement(outcome, loudness, $"{database.Id}: {headline ?? $"storage not grown: {reason}"}", $"{database.Id}: {sentence} ({reason}).\n\n{(reason == Reasons.Unanswered ? "It is not known whether it was grown." : "This run changed nothing.")}\n\nWHAT TO DO NEXT\n  - {NextAfter(reason)[0]}\n\n  {database.Arn}\n")
            : null);
    }

    private static string Why(StorageReport report) => report.Facts switch
    {
        { Volume.IsFull: true } => "it is full",
        { Outlook.Days: { } days } => $"it would be full in {StorageText.Range(days)}",
        var facts => Inv($"{facts.Outlook.FreeBytes / facts.SizeBytes:0%} is free"),
    };

    private static (string Reason, string Sentence) Explain(Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested => (Reasons.OutOfTime, "the function's time was over before anything was asked of RDS"),
        _ when AwsFailure.Is(error, deadline) => (Reasons.CannotCheck, $"AWS did not say what has to be known: {AwsFailure.CodeOf(error)}: {Printable.Line(error.Message, 300)}"),
        _ => (Reasons.UnexpectedError, $"{error.GetType().Name}: {Printable.Line(error.Message, 300)}"),
    };

    private static List<MetricValue> MetricsOf(StorageReport report) => report.Facts.Outlook.Days is { } days ? [MetricValue.StorageDaysToFull(days.Likely)] : [];

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
