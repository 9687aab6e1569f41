using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What was done about one database until now.</summary>
internal sealed record Reconciliation
{
    public IReadOnlyList<(string Region, string Id)> Copied { get; init; } = [];
    public IReadOnlyList<ShareChange> Shared { get; init; } = [];
    public IReadOnlyList<PlannedDeletion> Deleted { get; init; } = [];
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool DidAnything => Copied.Count + Shared.Count + Deleted.Count > 0;
}

/// <summary>
/// Carries a plan out: reads the database and its snapshots once more, plans again, and does what both plans say. Deletions
/// come last, one at a time.
/// </summary>
internal sealed class ReconcileExecution(
    IDatabaseInventory inventory, ISnapshotStores stores, SnapshotLoading loading, SnapshotActions actions, ILedger ledger, Settings settings, TimeProvider time)
{
    /// <summary>Longer than the function may run (template.yaml: 300 s), so that a live run never loses its lease.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(6);

    private readonly SnapshotTags tags = new(settings.TagPrefix);

    public static CopyQueue.Request RequestOf(DatabaseFacts facts, CopyDecision.Start start) => new(
        facts.Database.ResourceId, start.Region, facts.Database.Kind,
        facts.Destinations.Single(destination => destination.Region == start.Region).Place?.Own.Max(copy => copy.Slot));

    /// <param name="facts">As first read, with all other databases.</param>
    /// <param name="plan">Made of these facts.</param>
    /// <param name="admitted">Copies that may start now.</param>
    /// <param name="list">Whether the outcome lists what is kept.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<IReadOnlyList<Conclusion>> RunAsync(
        DatabaseFacts facts, ReconcilePlan plan, IReadOnlySet<CopyQueue.Request> admitted, bool list, Invocation invocation, CancellationToken cancellation)
    {
        var done = new Reconciliation();
        try
        {
            if (!HasTime(invocation)) return ReconcileConclusions.Acted(facts, plan, done with { Findings = [SnapshotsConclusions.OutOfTime] }, list);
            var asked = await ledger.ClaimAsync($"{TakeSnapshots.Capability}/{facts.Database.ResourceId}", invocation.RequestId, Lease, cancellation);
            if (asked is not ClaimResult.Claimed(var lease))
                return ReconcileConclusions.Acted(facts, plan, done with { Findings = [new(Reasons.InProgress, "another run is at work on it", null)] }, list);
            try
            {
                var again = await ReadAgainAsync(facts, cancellation);
                if (again is null)
                    return ReconcileConclusions.Acted(facts, plan, done with { Findings = [new(Reasons.StateChanged, "it or its tag changed meanwhile; a later run looks anew", null)] }, list);
                var fresh = ReconcileRules.Decide(again, stores.Home.Region, settings.ShareAccounts, tags, time.GetUtcNow());
                var context = new SnapshotActions.Context(facts.Database, invocation, [lease]);
                await foreach (var step in StepsAsync(facts, plan, again, fresh, admitted, context, cancellation)) done = step(done);
                return ReconcileConclusions.Acted(again, fresh, done, list);
            }
            finally
            {
                await ledger.ReleaseAsync(lease, CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            // What was done until then is in the outcome, and in the ledger.
            return ReconcileConclusions.Acted(facts, plan, done with { Findings = [.. done.Findings, SnapshotsConclusions.Broken(e, cancellation)] }, list);
        }
    }

    /// <summary>The database and its snapshots as they are now, or <c>null</c> when it is gone or asks for something else.</summary>
    private async Task<DatabaseFacts?> ReadAgainAsync(DatabaseFacts facts, CancellationToken cancellation)
    {
        var found = await inventory.ListAsync(facts.Database.Id, cancellation);
        if (found.FirstOrDefault(database => database.ResourceId == facts.Database.ResourceId) is not { } database) return null;
        if (SnapshotGate.Of(database, tags) is not SnapshotGate.Open(var policy)) return null;
        var view = await loading.LoadAsync(database.Id, [(database, policy)], cancellation);
        return await loading.FactsAsync(view, database, policy, cancellation);
    }

    private async IAsyncEnumerable<Func<Reconciliation, Reconciliation>> StepsAsync(
        DatabaseFacts first, ReconcilePlan plan, DatabaseFacts facts, ReconcilePlan fresh, IReadOnlySet<CopyQueue.Request> admitted,
        SnapshotActions.Context context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var start in fresh.Starts)
        {
            if (!admitted.Contains(RequestOf(first, start)))
                yield return done => done with { Findings = [.. done.Findings, new(Reasons.CopyWaiting, $"the copy to {start.Region} waits for other databases' copies", null)] };
            else if (!HasTime(context.Invocation))
                yield return OutOfTime;
            else
                yield return await CopyAsync(start, context, cancellation);
        }
        foreach (var change in fresh.Shares)
            yield return HasTime(context.Invocation) ? await ShareAsync(change, context, cancellation) : OutOfTime;

        var planned = plan.Deletions.Select(deletion => deletion.Snapshot.Snapshot.Arn).ToHashSet(StringComparer.Ordinal);
        foreach (var deletion in fresh.Deletions.Where(deletion => planned.Contains(deletion.Snapshot.Snapshot.Arn)))
            yield return HasTime(context.Invocation) ? await DeleteAsync(deletion, context, cancellation) : OutOfTime;
    }

    private async Task<Func<Reconciliation, Reconciliation>> CopyAsync(CopyDecision.Start start, SnapshotActions.Context context, CancellationToken cancellation)
    {
        var doing = $"copying {start.Order.SourceArn.Split(':')[^1]} to {start.Region}";
        var (answer, stopped) = await actions.RunAsync(context, SnapshotActions.Copy, $"{start.Region}/{start.Order.Id}",
            new SnapshotImage(start.Order.SourceArn, "available", null, null, start.Order.KmsKeyId is not null, "not at the destination"),
            stopping => stores.In(start.Region).CopyAsync(start.Order, stopping), cancellation);
        return answer switch
        {
            { Fault: null } => done => done with { Copied = [.. done.Copied, (start.Region, start.Order.Id)] },
            // Something of this name came to be since the listing; the next run sees what.
            { Fault: SnapshotFault.AlreadyExists } => With(null),
            _ => With(stopped ?? SnapshotsConclusions.Of(answer!, doing)),
        };
    }

    private async Task<Func<Reconciliation, Reconciliation>> ShareAsync(ShareChange change, SnapshotActions.Context context, CancellationToken cancellation)
    {
        var snapshot = change.Snapshot.Snapshot;
        var doing = change.Share ? $"sharing {snapshot.Id} with {change.Account}" : $"ending the share of {snapshot.Id} with {change.Account}";
        var (answer, stopped) = await actions.RunAsync(
            context, change.Share ? SnapshotActions.Share : SnapshotActions.Withdraw, $"{stores.Home.Region}/{snapshot.Id}/{change.Account}",
            SnapshotActions.ImageOf(change.Snapshot, doing),
            async stopping =>
            {
                // The tag comes second: where it is missing the next run shares once more, and no rule deletes what RDS says is shared.
                var accounts = change.Share ? change.Snapshot.SharedWith.Append(change.Account) : change.Snapshot.SharedWith.Where(account => account != change.Account);
                var shared = await stores.Home.ShareAsync(snapshot.Kind, snapshot.Id, change.Account, change.Share, stopping);
                return shared.Fault is null ? await stores.Home.TagAsync(snapshot.Arn, tags.SharedWith, string.Join('/', accounts), stopping) : shared;
            }, cancellation);
        return answer is { Fault: null } ? done => done with { Shared = [.. done.Shared, change] } : With(stopped ?? SnapshotsConclusions.Of(answer!, doing));
    }

    private async Task<Func<Reconciliation, Reconciliation>> DeleteAsync(PlannedDeletion deletion, SnapshotActions.Context context, CancellationToken cancellation)
    {
        // Listings do not tell who may restore a snapshot, so it is asked for each one that is to go.
        if (await loading.SharedWithAsync(deletion, cancellation) is { Count: > 0 }) return done => done;
        var snapshot = deletion.Snapshot.Snapshot;
        var (answer, stopped) = await actions.RunAsync(
            context, SnapshotActions.Delete, $"{deletion.Region}/{snapshot.Id}", SnapshotActions.ImageOf(deletion.Snapshot, deletion.Why),
            stopping => stores.In(deletion.Region).DeleteAsync(snapshot.Kind, snapshot.Id, stopping), cancellation);
        return answer is { Fault: null }
            ? done => done with { Deleted = [.. done.Deleted, deletion] }
            : With(stopped ?? SnapshotsConclusions.Of(answer!, $"deleting {snapshot.Id} in {deletion.Region}"));
    }

    private static Reconciliation OutOfTime(Reconciliation done) =>
        done.Findings.Contains(SnapshotsConclusions.OutOfTime) ? done : done with { Findings = [.. done.Findings, SnapshotsConclusions.OutOfTime] };

    private static Func<Reconciliation, Reconciliation> With(Finding? finding) =>
        done => finding is null || done.Findings.Contains(finding) ? done : done with { Findings = [.. done.Findings, finding] };

    private bool HasTime(Invocation invocation) => time.GetUtcNow() + TakeSnapshots.StepLimit <= invocation.Deadline;
}
