using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Snapshots;

/// <summary>How a run of ReconcileSnapshots ended on one database: one outcome for the run, and one for each finding. Pure.</summary>
internal static class ReconcileConclusions
{
    /// <summary>Nothing to change, or the mode is <c>observe</c>.</summary>
    public static IReadOnlyList<Conclusion> Undisturbed(DatabaseFacts facts, ReconcilePlan plan, bool list)
    {
        var details = DetailsOf(plan, list) with
        {
            Copied = [.. plan.Starts.Select(start => start.Order.Id)],
            Deleted = [.. plan.Deletions.Select(Line)],
            Shared = [.. plan.Shares.Select(Line)],
        };
        var underway = plan.Copies.OfType<CopyDecision.Underway>().Select(copy => copy.Id).ToList();
        return Conclude(facts, plan, plan.ChangesAnything
            ? SnapshotsConclusions.Of(facts.Database, Decision.Observed, Reasons.Reconciled,
                "would " + Sentence("delete", plan.Deletions.Count(), "start", plan.Starts.Count(), "change", plan.Shares.Count), details)
            : underway.Count > 0
                ? SnapshotsConclusions.Of(facts.Database, Decision.NothingToDo, Reasons.Underway, $"{string.Join(", ", underway)} is being copied", details)
                : SnapshotsConclusions.Of(facts.Database, Decision.NothingToDo, Reasons.UpToDate, $"{Words.Count(details.KeptCount, "snapshot", "snapshots")} as the policy says", details), []);
    }

    /// <summary>The kill switch is on, and something is to be done.</summary>
    public static IReadOnlyList<Conclusion> Stopped(DatabaseFacts facts, ReconcilePlan plan, Finding stopped) =>
        Conclude(facts, plan, SnapshotsConclusions.Of(facts.Database, stopped, DetailsOf(plan, false)), []);

    /// <summary>The plan was carried out, wholly or until something stopped it.</summary>
    public static IReadOnlyList<Conclusion> Acted(DatabaseFacts facts, ReconcilePlan plan, Reconciliation done, bool list)
    {
        var gone = done.Deleted.Select(deletion => deletion.Snapshot.Snapshot.Arn).ToHashSet(StringComparer.Ordinal);
        var details = DetailsOf(plan, list) with
        {
            Copied = [.. done.Copied.Select(copy => copy.Id)],
            Deleted = [.. done.Deleted.Select(Line)],
            Shared = [.. done.Shared.Select(Line)],
        };
        var left = plan.Deletions.Count(deletion => !gone.Contains(deletion.Snapshot.Snapshot.Arn));
        return Conclude(facts, plan, done.DidAnything
            ? SnapshotsConclusions.Of(facts.Database, Decision.Acted, Reasons.Reconciled,
                Sentence("deleted", done.Deleted.Count, "started", done.Copied.Count, "changed", done.Shared.Count), details with { KeptCount = details.KeptCount + left })
            : SnapshotsConclusions.Of(facts.Database, Decision.NothingToDo, Reasons.UpToDate, "nothing was changed", details with { KeptCount = details.KeptCount + left }), done.Findings);
    }

    private static List<Conclusion> Conclude(DatabaseFacts facts, ReconcilePlan plan, Conclusion main, IReadOnlyList<Finding> more)
    {
        var metrics = new List<MetricValue>();
        if (plan.Evidence.Age is { } age) metrics.Add(MetricValue.SnapshotAgeHours(age));
        if (plan.Evidence.OffsiteAge is { } offsite) metrics.Add(MetricValue.OffsiteSnapshotAgeHours(offsite));
        return
        [
            main with { Metrics = metrics },
            .. plan.Findings.Concat(more).DistinctBy(finding => (finding.Reason, finding.Sentence))
                .Where(finding => finding.Reason != main.Outcome.Reason)
                .Select(finding => SnapshotsConclusions.Of(facts.Database, finding)),
        ];
    }

    private static SnapshotsDetails DetailsOf(ReconcilePlan plan, bool list)
    {
        var kept = plan.Retention.SelectMany(place => place.Plan.Kept.Select(line => new SnapshotsDetails.Line(line.Id, place.Place.Region, line.Why))).ToList();
        return new SnapshotsDetails { Kept = list ? kept : [], KeptCount = kept.Count };
    }

    private static SnapshotsDetails.Line Line(PlannedDeletion deletion) => new(deletion.Snapshot.Id, deletion.Region, deletion.Why);

    private static SnapshotsDetails.Line Line(ShareChange change) => new(
        change.Snapshot.Id, "", change.Share ? $"shared with {change.Account}" : $"no longer shared with {change.Account}");

    private static string Sentence(string delete, int deletions, string start, int copies, string change, int shares) => string.Join(", ", new[]
    {
        deletions > 0 ? $"{delete} {Words.Count(deletions, "snapshot", "snapshots")}" : null,
        copies > 0 ? $"{start} {Words.Count(copies, "copy", "copies")}" : null,
        shares > 0 ? $"{change} {Words.Count(shares, "share", "shares")}" : null,
    }.OfType<string>());
}
