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
                await foreach (var step in StepsAsync(facts, again, fresh, admitted, context, cancellation)) done = step(done);
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
        if (database.Tags.GetValueOrDefault(tags.OptIn) != facts.Database.Tags.GetValueOrDefault(tags.OptIn)) return null;
        if (SnapshotGate.Of(database, tags) is not SnapshotGate.Open(var policy)) return null;
        // A database that was renamed has snapshots under each of its names.
        var names = facts.Destinations.Select(destination => destination.Place).Prepend(facts.Home).OfType<Place>()
            .SelectMany(place => place.Own).Select(own => own.Snapshot.DatabaseId).Append(database.Id).ToHashSet(StringComparer.Ordinal);
        var view = await loading.LoadAsync(names, [(database, policy)], cancellation);
        return WithNamesOf(facts, await loading.FactsAsync(view, database, policy, cancellation));
    }

    /// <summary>This reading saw the names of one database's snapshots only; another database's may have one that we want.</summary>
    private static DatabaseFacts WithNamesOf(DatabaseFacts first, DatabaseFacts again)
    {
        static Place Both(Place one, Place other) => one with { Names = one.Names.Union(other.Names).ToHashSet(StringComparer.Ordinal) };

        return again with
        {
            Home = Both(again.Home, first.Home),
            Destinations = [.. again.Destinations.Select(destination => destination.Place is { } place
                && first.Destinations.FirstOrDefault(before => before.Region == destination.Region)?.Place is { } seen
                ? destination with { Place = Both(place, seen) }
                : destination)],
        };
    }

    private async IAsyncEnumerable<Func<Reconciliation, Reconciliation>> StepsAsync(
        DatabaseFacts first, DatabaseFacts facts, ReconcilePlan fresh, IReadOnlySet<CopyQueue.Request> admitted,
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
        // One tag names all accounts of a snapshot: a second change must know of the first.
        var sharedWith = fresh.Shares.Select(change => change.Snapshot).DistinctBy(snapshot => snapshot.Id).ToDictionary(snapshot => snapshot.Id, snapshot => snapshot.SharedWith.ToList());
        foreach (var change in fresh.Shares)
            yield return HasTime(context.Invocation) ? await ShareAsync(change, sharedWith[change.Snapshot.Id], context, cancellation) : OutOfTime;

        var now = time.GetUtcNow();
        var (known, unshared) = await loading.WithSharesAsync(facts, fresh, now, cancellation);
        var planned = ReconcileRules.Decide(first with { Shared = known.Shared }, stores.Home.Region, settings.ShareAccounts, tags, now)
            .Deletions.Select(deletion => deletion.Snapshot.Snapshot.Arn).ToHashSet(StringComparer.Ordinal);
        foreach (var deletion in unshared.Deletions.Where(deletion => planned.Contains(deletion.Snapshot.Snapshot.Arn)))
            yield return HasTime(context.Invocation) ? await DeleteAsync(deletion, known, context, cancellation) : OutOfTime;
    }

    private async Task<Func<Reconciliation, Reconciliation>> CopyAsync(CopyDecision.Start start, SnapshotActions.Context context, CancellationToken cancellation)
    {
        var doing = $"copying {start.Order.SourceArn.Split(':')[^1]} to {start.Region}";
        var (answer, stopped) = await actions.RunAsync(context, SnapshotActions.Copy, $"{start.Region}/{start.Order.Id}",
            new SnapshotImage(start.Order.SourceArn, "available", null, null, start.Order.KmsKeyId is not null, "not at the destination"),
            stopping => stores.In(start.Region).CopyAsync(start.Order, stopping), cancellation);
        return answer is { Fault: null } || (answer is { Fault: SnapshotFault.AlreadyExists } && await IsCopyAsync(start, cancellation))
            ? done => done with { Copied = [.. done.Copied, (start.Region, start.Order.Id)] }
            : With(stopped ?? (answer is { Fault: SnapshotFault.NotFound }
                // RDS says so of a source that the other Region cannot see, too.
                ? new(Reasons.CopyFailed, $"{doing}: RDS says {answer.Code}", Severity.Warning, About: start.Region)
                : SnapshotsConclusions.Of(answer!, doing)));
    }

    /// <summary>Whether the snapshot of this name is the copy, begun by another run.</summary>
    private async Task<bool> IsCopyAsync(CopyDecision.Start start, CancellationToken cancellation) =>
        await stores.In(start.Region).FindAsync(start.Order.Kind, start.Order.Id, cancellation) is { } found && tags.Read(found) is { } own
        && own.CopyOf == start.Order.SourceArn && (own.Snapshot.IsAvailable || own.Snapshot.IsUnderway);

    private async Task<Func<Reconciliation, Reconciliation>> ShareAsync(
        ShareChange change, List<string> sharedWith, SnapshotActions.Context context, CancellationToken cancellation)
    {
        var snapshot = change.Snapshot.Snapshot;
        var doing = change.Share ? $"sharing {snapshot.Id} with {change.Account}" : $"ending the share of {snapshot.Id} with {change.Account}";
        var (answer, stopped) = await actions.RunAsync(
            context, change.Share ? SnapshotActions.Share : SnapshotActions.Withdraw, $"{stores.Home.Region}/{snapshot.Id}/{change.Account}",
            SnapshotActions.ImageOf(change.Snapshot, doing), stopping => ShareAsync(snapshot, change, sharedWith, stopping), cancellation);
        return answer is { Fault: null } ? done => done with { Shared = [.. done.Shared, change] } : With(stopped ?? SnapshotsConclusions.Of(answer!, doing));
    }

    /// <summary>
    /// The tag names an account before the snapshot is shared with it, and until after the share has ended: a share without the tag
    /// would never end, and its snapshot never go.
    /// </summary>
    private async Task<SnapshotAnswer> ShareAsync(Snapshot snapshot, ShareChange change, List<string> sharedWith, CancellationToken cancellation)
    {
        Task<SnapshotAnswer> TagAsync() => stores.Home.TagAsync(snapshot.Arn, tags.SharedWith, string.Join('/', sharedWith), cancellation);

        if (change.Share)
        {
            if (!sharedWith.Contains(change.Account)) sharedWith.Add(change.Account);
            if (await TagAsync() is { Fault: not null } refused) return refused;
        }
        var answer = await stores.Home.ShareAsync(snapshot.Kind, snapshot.Id, change.Account, change.Share, cancellation);
        if (change.Share == (answer.Fault is null)) return answer;
        sharedWith.Remove(change.Account);
        var told = await TagAsync();
        return change.Share ? answer : told;
    }

    private async Task<Func<Reconciliation, Reconciliation>> DeleteAsync(
        PlannedDeletion deletion, DatabaseFacts facts, SnapshotActions.Context context, CancellationToken cancellation)
    {
        var snapshot = deletion.Snapshot.Snapshot;
        var store = stores.In(deletion.Region);
        var newest = facts.Destinations.Select(destination => destination.Place).Prepend(facts.Home).OfType<Place>()
            .Single(place => place.Region == deletion.Region).NewestGood(time.GetUtcNow());
        // Right before it goes: the newest one is there, and nobody was given this one.
        if (newest is null || await store.FindAsync(newest.Snapshot.Kind, newest.Id, cancellation) is not { IsAvailable: true })
            return With(new(Reasons.StateChanged, $"the newest snapshot in {deletion.Region} is not there any more: nothing else is deleted", Severity.Critical));
        if (await store.SharedWithAsync(snapshot.Kind, snapshot.Id, cancellation) is { Count: > 0 }) return done => done;
        var (answer, stopped) = await actions.RunAsync(
            context, SnapshotActions.Delete, $"{deletion.Region}/{snapshot.Id}", SnapshotActions.ImageOf(deletion.Snapshot, deletion.Why),
            stopping => store.DeleteAsync(snapshot.Kind, snapshot.Id, stopping), cancellation);
        if (answer is { Fault: null }) return done => done with { Deleted = [.. done.Deleted, deletion] };
        // IAM refuses what is held, too: a person may have put the tag on it since it was read.
        if (answer is { Fault: SnapshotFault.Denied }
            && await store.FindAsync(snapshot.Kind, snapshot.Id, cancellation) is { } found && tags.Read(found) is { Held: true }) return done => done;
        return With(stopped ?? SnapshotsConclusions.Of(answer!, $"deleting {snapshot.Id} in {deletion.Region}"));
    }

    private static Reconciliation OutOfTime(Reconciliation done) =>
        done.Findings.Contains(SnapshotsConclusions.OutOfTime) ? done : done with { Findings = [.. done.Findings, SnapshotsConclusions.OutOfTime] };

    private static Func<Reconciliation, Reconciliation> With(Finding? finding) =>
        done => finding is null || done.Findings.Contains(finding) ? done : done with { Findings = [.. done.Findings, finding] };

    private bool HasTime(Invocation invocation) => time.GetUtcNow() + TakeSnapshots.StepLimit <= invocation.Deadline;
}
