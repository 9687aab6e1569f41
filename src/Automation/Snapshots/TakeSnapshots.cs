using System.Collections.Concurrent;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>
/// Takes the snapshots that are due. The databases and all snapshots are read page by page, each database is decided alone, and
/// what is due is begun by a few at a time; nothing is waited for.
/// </summary>
internal sealed class TakeSnapshots(
    IDatabaseInventory inventory, ISnapshotStores stores, ILedger ledger, SnapshotActions actions, DailyNews news, Settings settings, TimeProvider time)
{
    public const string Capability = "snapshots";

    /// <summary>CreateDBSnapshot at a time: RDS throttles the account as a whole.</summary>
    private const int Beside = 4;

    /// <summary>A record, a call with all its retries while AWS throttles, a confirmation.</summary>
    internal static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(60);

    private readonly SnapshotTags tags = new(settings.TagPrefix);

    /// <param name="request">Every database, or one.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async Task<IReadOnlyList<Conclusion>> RunAsync(SnapshotsRequest request, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(request, invocation, cancellation);
        }
        catch (Exception e)
        {
            var conclusion = SnapshotsConclusions.OfFleet(stores.Home.Region, SnapshotsConclusions.Broken(e, cancellation));
            return [await news.ApplyAsync(conclusion, SnapshotsConclusions.Fleet, invocation)];
        }
    }

    private async Task<IReadOnlyList<Conclusion>> TakeAsync(SnapshotsRequest request, Invocation invocation, CancellationToken cancellation)
    {
        var (only, asked) = request is SnapshotsRequest.OneDatabase(var id, var mode) ? (id, mode) : (null, Mode.Act);
        var databases = await inventory.ListAsync(only, cancellation);
        var gates = Gates.Of(databases, tags, only);
        if (gates.Open.Count == 0) return await TellAsync(gates.Conclusions, invocation);

        var snapshots = new SnapshotIndex(await stores.Home.ListAsync(null, cancellation), tags);
        var act = settings.Mode == Mode.Act && asked == Mode.Act;
        var stopped = act ? SnapshotsConclusions.StopOf(await ledger.ReadSwitchAsync(Capability, cancellation)) : null;
        var conclusions = new ConcurrentBag<(RdsDatabase? Database, Conclusion Conclusion)>();
        await Parallel.ForEachAsync(gates.Open, new ParallelOptions { MaxDegreeOfParallelism = Beside }, async (database, _) =>
        {
            var place = snapshots.PlaceOf(database.Database, stores.Home.Region, isHome: true);
            conclusions.Add((database.Database, await TakeAsync(database.Database, database.Policy, place, act, stopped, invocation, cancellation)));
        });
        return await TellAsync([.. gates.Conclusions, .. conclusions.OrderBy(line => line.Conclusion.Outcome.Database, StringComparer.Ordinal)], invocation);
    }

    private async Task<Conclusion> TakeAsync(
        RdsDatabase database, SnapshotsPolicy policy, Place home, bool act, Finding? stopped, Invocation invocation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var details = new SnapshotsDetails { Slot = SlotRules.At(now, policy.Every) };
        switch (DueRules.Decide(database, policy, home.Own, home.Has, now))
        {
            case DueDecision.Satisfied(var id):
                return SnapshotsConclusions.Of(database, Decision.NothingToDo, Reasons.NotDue, $"{id} is the snapshot of this slot", details);
            case DueDecision.Underway(var id):
                return SnapshotsConclusions.Of(database, Decision.NothingToDo, Reasons.Underway, $"{id} is being made", details);
            case DueDecision.NotAvailable(var status):
                // Whether that lasts too long, the age of the newest snapshot tells (ReconcileSnapshots).
                return SnapshotsConclusions.Of(database, new Finding(Reasons.NotAvailable, $"status is {status}, in which RDS takes no snapshot; a later run tries again", null), details);
            case DueDecision.GivenUp(_, var ids):
                return SnapshotsConclusions.Of(database, new Finding(Reasons.GivenUp, $"no snapshot of this slot came to be: see {string.Join(", ", ids)}", Severity.Critical), details);
            case DueDecision.Take(_, var id) when !act:
                return SnapshotsConclusions.Of(database, Decision.Observed, Reasons.SnapshotDue, $"would take {id}", details with { Taken = [id] });
            case DueDecision.Take when stopped is not null:
                return SnapshotsConclusions.Of(database, stopped, details);
            case DueDecision.Take when time.GetUtcNow() + StepLimit > invocation.Deadline:
                return SnapshotsConclusions.Of(database, SnapshotsConclusions.OutOfTime, details);
            case DueDecision.Take(var slot, var id):
                return await CreateAsync(database, slot, id, details, invocation, cancellation);
            case var other:
                throw new InvalidOperationException($"No case for {other.GetType().Name}.");
        }
    }

    private async Task<Conclusion> CreateAsync(
        RdsDatabase database, DateTimeOffset slot, string id, SnapshotsDetails details, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            // No lease: the name is made of database and slot, so RDS refuses a second one.
            var context = new SnapshotActions.Context(database, invocation, []);
            var (answer, stopped) = await actions.RunAsync(
                context, SnapshotActions.Create, $"{stores.Home.Region}/{id}",
                new SnapshotImage(database.Arn, database.Status, SnapshotTags.Text(slot), null, false, "due"),
                stopping => stores.Home.CreateAsync(database.Kind, database.Id, id, tags.Of(database.ResourceId, slot, time.GetUtcNow()), stopping), cancellation);
            if (stopped is not null) return SnapshotsConclusions.Of(database, stopped, details);
            return answer!.Fault switch
            {
                null => SnapshotsConclusions.Of(database, Decision.Acted, Reasons.SnapshotStarted, $"{id} was begun", details with { Taken = [id] }),
                SnapshotFault.AlreadyExists when await IsOfAsync(database, slot, id, cancellation) =>
                    SnapshotsConclusions.Of(database, Decision.NothingToDo, Reasons.NotDue, $"{id} was begun by another run", details),
                SnapshotFault.NotFound => SnapshotsConclusions.Of(database, new Finding(Reasons.DatabaseNotFound, "RDS does not know it any more", null), details),
                _ => SnapshotsConclusions.Of(database, SnapshotsConclusions.Of(answer, $"taking {id}")!, details),
            };
        }
        catch (Exception e)
        {
            return SnapshotsConclusions.Of(database, SnapshotsConclusions.Broken(e, cancellation), details);
        }
    }

    /// <summary>Whether the snapshot of this name is ours, of this very database and slot.</summary>
    private async Task<bool> IsOfAsync(RdsDatabase database, DateTimeOffset slot, string id, CancellationToken cancellation) =>
        await stores.Home.FindAsync(database.Kind, id, cancellation) is { } found && tags.Read(found) is { } own
        && own.SourceResourceId == database.ResourceId && own.Slot == slot && (own.Snapshot.IsAvailable || own.Snapshot.IsUnderway);

    private async Task<IReadOnlyList<Conclusion>> TellAsync(IEnumerable<(RdsDatabase? Database, Conclusion Conclusion)> conclusions, Invocation invocation)
    {
        var told = new List<Conclusion>();
        foreach (var (database, conclusion) in conclusions)
            told.Add(await news.ApplyAsync(conclusion, database?.ResourceId ?? SnapshotsConclusions.Fleet, invocation));
        return told;
    }
}
