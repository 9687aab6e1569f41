using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Failover;

/// <summary>Puts what happened into words: the outcome for machines, the announcement for the person on call. Pure.</summary>
internal static class FailoverConclusions
{
    /// <summary>A test that was carried out, whatever its verdict.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="stored">Where its page is; <c>null</c> when it is nowhere.</param>
    /// <param name="leftBehind">Why the schema is still there; <c>null</c> when it is gone.</param>
    public static Conclusion Tested(FailoverReport report, string? stored, string? leftBehind)
    {
        var database = report.Database;
        var sentence = leftBehind is null ? report.Sentence : $"{report.Sentence}; schema {GuardRules.Schema} stays until the next test: {leftBehind}";
        var outcome = DatabaseOutcome.Of(database, Decision.Acted, report.Reason, sentence, FailoverDetails.Of(report, stored));
        var severity = report switch
        {
            { Reason: Reasons.WritesLost or Reasons.NotRecovered } => Severity.Critical,
            { Verdict: not Verdict.Passed } or { Trend.GotWorse: true } or { Silent.Count: > 0 } => Severity.Warning,
            _ => leftBehind is null ? Severity.Info : Severity.Warning,
        };
        var headline = report is { Verdict: not Verdict.Void, WriteDowntime: { } down }
            ? $"{database.Id}: failover test {Words.Of(report.Verdict)}: {Words.Span(down)} without writes{(report.Writes is { } writes ? $", {writes.Lost} lost" : "")}"
            : $"{database.Id}: failover test {Words.Of(report.Verdict)}: {report.Reason}";
        return new Conclusion(outcome, new Announcement(outcome, severity, headline, FailoverText.Of(report, stored)), Metrics: MetricsOf(report));
    }

    /// <summary>A guard that said no; all of them are shown.</summary>
    public static Conclusion Refused(RdsDatabase database, Check refusing, IReadOnlyList<Check> checks) =>
        WithChecks(database, Decision.Refused, refusing.Reason, refusing.Seen, checks, Severity.Warning, $"{database.Id}: failover not tested: {refusing.Reason}");

    public static Conclusion Refused(RdsDatabase database, string reason, string sentence, Severity? severity) =>
        severity is { } loudness
            ? WithChecks(database, Decision.Refused, reason, sentence, [], loudness, $"{database.Id}: failover not tested: {reason}")
            : new Conclusion(DatabaseOutcome.Of(database, Decision.Refused, reason, sentence, DatabaseOutcome.NoDetails));

    /// <summary>The mode is <c>observe</c>: every guard holds, and nothing was done.</summary>
    public static Conclusion Observed(RdsDatabase database, FailoverFacts facts, IReadOnlyList<Check> checks) =>
        WithChecks(database, Decision.Observed, Reasons.WouldTest, database.Kind == DatabaseKind.Cluster
            ? $"would fail over to {TargetRules.Of(facts.Topology)?.Id}" : "would reboot with failover", checks, Severity.Info, $"{database.Id}: failover would be tested (observe)");

    /// <summary>The test ended before anything was asked of RDS, or RDS refused.</summary>
    public static Conclusion NotCalled(RdsDatabase database, Finding finding, IReadOnlyList<Check> checks) => WithChecks(
        database, Decision.Refused, finding.Reason, finding.Sentence, checks, Severity.Warning, $"{database.Id}: failover not tested: {finding.Reason}",
        finding.Reason == Reasons.NoBaseline ? Verdict.Void : null);

    /// <summary>An earlier attempt at this event died after it had asked for the failover.</summary>
    public static Conclusion Interrupted(RdsDatabase database, ActionRecord begun) => WithChecks(
        database, Decision.Refused, Reasons.Interrupted,
        $"an earlier attempt at this test asked for the failover at {begun.At.UtcDateTime:HH:mm:ss}Z and did not live to tell what came of it{FailoverRecordJson.Read(begun.After) switch { { } known => $" (the ledger has: {known.Verdict}, {known.Reason})", null => "" }}; it is not asked for again",
        [], Severity.Critical, $"{database.Id}: failover test interrupted").Of(begun);

    /// <summary>RDS was asked, and then the test itself broke.</summary>
    public static Conclusion Broken(RdsDatabase database, string sentence) => WithChecks(
        database, Decision.Failed, Reasons.Interrupted, sentence, [], Severity.Critical, $"{database.Id}: failover test interrupted");

    /// <summary>Something broke before anything was asked of RDS.</summary>
    public static Conclusion Broken(RdsDatabase database, Exception error, CancellationToken deadline)
    {
        var (decision, reason, sentence) = Explain(error, deadline);
        return WithChecks(database, decision, reason, sentence, [], Severity.Warning, $"{database.Id}: failover not tested: {reason}");
    }

    /// <summary>The databases could not be listed.</summary>
    public static Conclusion Broken(string what, Exception error, CancellationToken deadline)
    {
        var (_, reason, sentence) = Explain(error, deadline);
        var outcome = DatabaseOutcome.OfUnknown(what, what, Decision.Failed, reason, sentence);
        return new Conclusion(outcome, new Announcement(outcome, Severity.Warning, $"failover not tested: {reason}", $"No failover was tested: {sentence}."));
    }

    public static Conclusion NotHere(string id) =>
        new(DatabaseOutcome.OfUnknown(id, id, Decision.Refused, Reasons.DatabaseNotFound, "RDS knows no instance or cluster of this name here"));

    /// <summary>Another run has, or had, the event.</summary>
    public static Conclusion NotClaimed(RdsDatabase database, ClaimResult claim) => claim switch
    {
        ClaimResult.Done(var done, var announcement, var notified) =>
            new Conclusion(DatabaseOutcome.Of(database, Decision.NothingToDo, Reasons.AlreadyHandled, "this event was handled before", DatabaseOutcome.NoDetails))
            {
                // Its run ended between testing and telling: people still have to hear of it.
                Announcement = notified || announcement.Length == 0 ? null : StoredAnnouncement.Read(announcement),
                Claim = done,
            },
        ClaimResult.InFlight(var until) => new Conclusion(DatabaseOutcome.Of(database, Decision.Refused, Reasons.InProgress,
            $"another run is at work on this event, until {until.UtcDateTime:HH:mm:ss}Z at the latest", DatabaseOutcome.NoDetails)),
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "The key is ours."),
    };

    /// <summary>Another database is being tested.</summary>
    public static Conclusion TestRunning(RdsDatabase database, ClaimResult claim) => Refused(database, Reasons.TestRunning, claim is ClaimResult.InFlight(var until)
        ? $"another test is running, until {until.UtcDateTime:HH:mm:ss}Z at the latest; one is made at a time"
        : "the lock of the tests is taken for good: delete its item from the ledger", Severity.Warning);

    private static (Decision Decision, string Reason, string Sentence) Explain(Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested => (Decision.Refused, Reasons.OutOfTime, "the function's time was over before the failover was asked for"),
        // What cannot be checked is not tested.
        _ when AwsFailure.Is(error, deadline) => (Decision.Refused, Reasons.CannotCheck, $"AWS did not say what the guards ask for: {AwsFailure.CodeOf(error)}: {Printable.Line(error.Message, 300)}"),
        _ => (Decision.Failed, Reasons.UnexpectedError, $"{error.GetType().Name}: {Printable.Line(error.Message, 300)}"),
    };

    private static Conclusion WithChecks(RdsDatabase database, Decision decision, string reason, string sentence, IReadOnlyList<Check> checks,
        Severity severity, string headline, Verdict? verdict = null)
    {
        var outcome = DatabaseOutcome.Of(database, decision, reason, sentence, FailoverDetails.OfChecks(checks, verdict));
        return new Conclusion(outcome, new Announcement(outcome, severity, headline, FailoverText.OfChecks($"{database.Id}: {(decision == Decision.Observed ? "every check holds; the test" : "failover test")}: {sentence} ({reason}).", checks)));
    }

    private static List<MetricValue> MetricsOf(FailoverReport report)
    {
        var metrics = new List<MetricValue>();
        if (report.WriteDowntime is { } write) metrics.Add(MetricValue.FailoverWriteDowntimeMs(write));
        if (report.ReadDowntime is { } read) metrics.Add(MetricValue.FailoverReadDowntimeMs(read));
        if (report is { Proven: true, Writes: { } writes }) metrics.Add(MetricValue.LostAcknowledgedWrites(writes.Lost));
        return metrics;
    }
}
