using System.Collections.Concurrent;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>
/// Brings what there is to what the policies say: copies, shares, retention; and measures how old the newest proofs are. Events
/// set it off early, a schedule sets it off anyway, and it looks at the facts alone: lost, repeated and reordered events make no
/// difference.
/// </summary>
internal sealed class ReconcileSnapshots(
    IDatabaseInventory inventory, ISnapshotStores stores, SnapshotLoading loading, ReconcileExecution execution, FleetReport report,
    ILedger ledger, DailyNews news, Settings settings, TimeProvider time)
{
    private const int Beside = 4;

    private readonly SnapshotTags tags = new(settings.TagPrefix);

    /// <param name="request">Every database, one, or the database of a snapshot that something happened to.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async Task<IReadOnlyList<Conclusion>> RunAsync(SnapshotsRequest request, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            return request switch
            {
                SnapshotsRequest.Everything => await ReconcileAsync(null, null, Mode.Act, invocation, cancellation),
                SnapshotsRequest.OneDatabase(var id, var mode) => await ReconcileAsync(id, null, mode, invocation, cancellation),
                SnapshotsRequest.SnapshotEvent happened => await ReconcileAsync(happened, invocation, cancellation),
                _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), null),
            };
        }
        catch (Exception e)
        {
            var conclusion = SnapshotsConclusions.OfFleet(stores.Home.Region, SnapshotsConclusions.Broken(e, cancellation));
            return [await news.ApplyAsync(conclusion, SnapshotsConclusions.Fleet, invocation)];
        }
    }

    private async Task<IReadOnlyList<Conclusion>> ReconcileAsync(SnapshotsRequest.SnapshotEvent happened, Invocation invocation, CancellationToken cancellation) =>
        await stores.Home.FindAsync(happened.Kind, happened.SnapshotId, cancellation) is not { } snapshot || tags.Read(snapshot) is null
            ? [SnapshotsConclusions.Nothing(happened.SnapshotId, Reasons.NotOurs, "it is gone, or not a snapshot of ours")]
            // Of a database that was just renamed the listing by name shows nothing until this one is done.
            : snapshot.IsUnderway ? [SnapshotsConclusions.Nothing(happened.SnapshotId, Reasons.Underway, "it is being made")]
            : await ReconcileAsync(snapshot.DatabaseId, [snapshot.DatabaseId], Mode.Act, invocation, cancellation);

    private async Task<IReadOnlyList<Conclusion>> ReconcileAsync(string? only, string[]? names, Mode asked, Invocation invocation, CancellationToken cancellation)
    {
        var databases = await inventory.ListAsync(only, cancellation);
        var gates = Gates.Of(databases, tags, only);
        var view = await loading.LoadAsync(names, gates.Open, cancellation);
        var now = time.GetUtcNow();
        var act = settings.Mode == Mode.Act && asked == Mode.Act;
        var stopped = act ? SnapshotsConclusions.StopOf(await ledger.ReadSwitchAsync(TakeSnapshots.Capability, cancellation)) : null;

        var plans = new List<(DatabaseFacts Facts, ReconcilePlan Plan)>();
        foreach (var (database, policy) in gates.Open)
        {
            var facts = await loading.FactsAsync(view, database, policy, cancellation);
            var plan = ReconcileRules.Decide(facts, stores.Home.Region, settings.ShareAccounts, tags, now);
            // A person who asks for the plan of one database gets it with what RDS says about sharing.
            if (only is not null && !act) (facts, plan) = await loading.WithSharesAsync(facts, plan, now, cancellation);
            plans.Add((facts, settings.Mode == Mode.Act ? plan : plan.Observing()));
        }

        var admitted = Admit(plans, view);
        plans = [.. plans.Select(line => (line.Facts, line.Plan with
        {
            Copies = [.. line.Plan.Copies.Select(copy => copy is CopyDecision.Start start && !admitted.Contains(ReconcileExecution.RequestOf(line.Facts, start))
                ? new CopyDecision.Waiting(start.Region)
                : copy)],
        }))];
        var ended = new ConcurrentBag<(RdsDatabase Database, IReadOnlyList<Conclusion> Conclusions)>();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = Beside }, async (line, _) =>
        {
            var (facts, plan) = line;
            var list = only is not null;
            var conclusions = stopped is not null && plan.ChangesAnything ? ReconcileConclusions.Stopped(facts, plan, stopped)
                : act && plan.ChangesAnything ? await execution.RunAsync(facts, plan, admitted, list, invocation, cancellation)
                : ReconcileConclusions.Undisturbed(facts, plan, list);
            ended.Add((facts.Database, conclusions));
        });

        var told = new List<Conclusion>();
        foreach (var (database, conclusion) in gates.Conclusions) told.Add(await news.ApplyAsync(conclusion, database?.ResourceId ?? SnapshotsConclusions.Fleet, invocation));
        foreach (var (database, conclusions) in ended.OrderBy(line => line.Database.Id, StringComparer.Ordinal))
        {
            foreach (var conclusion in conclusions) told.Add(await news.ApplyAsync(conclusion, database.ResourceId, invocation));
        }
        if (only is null) told.AddRange(await report.TellAsync(databases, view, plans, now, invocation, cancellation));
        return told;
    }

    /// <summary>Which copies may start, of all that should.</summary>
    private static IReadOnlySet<CopyQueue.Request> Admit(List<(DatabaseFacts Facts, ReconcilePlan Plan)> plans, FleetView view) => CopyQueue.Admit(
        plans.SelectMany(line => line.Plan.Starts.Select(start => ReconcileExecution.RequestOf(line.Facts, start))),
        // Of one database alone it is not known how many others are on their way: RDS says so when there are too many.
        (region, kind) => view.OnlyOne ? 0 : view.Destinations[region].Index?.Underway(kind) ?? 0);
}
