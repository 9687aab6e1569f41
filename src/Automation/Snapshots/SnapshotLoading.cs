using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>Reads what ReconcileSnapshots decides on.</summary>
internal sealed class SnapshotLoading(ISnapshotStores stores, ISnapshotKeys keys, Settings settings, TimeProvider time)
{
    private readonly SnapshotTags tags = new(settings.TagPrefix);

    /// <summary>The snapshots of the home Region and of every Region the policies name.</summary>
    /// <param name="names">Only those of databases of these names; <c>null</c> for all. Snapshots keep the name that a database had.</param>
    /// <param name="databases">Whose policies.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    public async Task<FleetView> LoadAsync(
        IReadOnlyCollection<string>? names, IReadOnlyList<(RdsDatabase Database, SnapshotsPolicy Policy)> databases, CancellationToken cancellation)
    {
        var home = new SnapshotIndex(databases.Count == 0 && names is not null ? [] : await ListAsync(stores.Home, names, cancellation), tags);
        var regions = databases.SelectMany(line => line.Policy.Regions).Distinct(StringComparer.Ordinal).Where(region => region != stores.Home.Region);
        var destinations = new Dictionary<string, DestinationView>(StringComparer.Ordinal);
        foreach (var (region, view) in await Task.WhenAll(regions.Select(async region => (region, await LoadAsync(region, names, cancellation))))) destinations[region] = view;
        return new FleetView { OnlyOne = names is not null, Home = home, Destinations = destinations };
    }

    /// <summary>What is known of one database.</summary>
    public async Task<DatabaseFacts> FactsAsync(FleetView view, RdsDatabase database, SnapshotsPolicy policy, CancellationToken cancellation)
    {
        var home = view.Home.PlaceOf(database, stores.Home.Region, isHome: true);
        var newest = home.NewestGood(time.GetUtcNow());
        // The tag tells what we meant to share; whether it came to be, RDS does.
        var sharedWith = newest is null || policy.Accounts.Count == 0 ? [] : await stores.Home.SharedWithAsync(newest.Snapshot.Kind, newest.Id, cancellation);
        var shared = new Dictionary<string, SharedKey>(StringComparer.Ordinal);
        if (newest is { Snapshot: { Encrypted: true, KmsKeyId: { } key } })
        {
            foreach (var account in policy.Accounts.Where(account => settings.ShareAccounts.Contains(account) && !sharedWith.Contains(account)))
                shared[account] = await keys.OfSharingAsync(key, account, cancellation);
        }
        return new DatabaseFacts
        {
            Database = database,
            Policy = policy,
            Home = home,
            Destinations =
            [
                .. from region in policy.Regions
                   where region != stores.Home.Region
                   let seen = view.Destinations[region]
                   select new Destination(region, seen.Index?.PlaceOf(database, region, isHome: false), seen.Key, seen.Trouble),
            ],
            NewestSharedWith = sharedWith,
            TakeLog = TakeLogBeside(settings.LogGroup),
            SharedKeys = shared,
        };
    }

    /// <summary>
    /// The same plan, with what RDS says about the sharing of everything it would delete. Listings do not tell, so it is asked of
    /// each; what is shared stays, and must not use up the cap on deletions for ever.
    /// </summary>
    public async Task<(DatabaseFacts Facts, ReconcilePlan Plan)> WithSharesAsync(
        DatabaseFacts facts, ReconcilePlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        var (asked, shared) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(facts.Shared, StringComparer.Ordinal));
        while (true)
        {
            foreach (var deletion in plan.Deletions.Where(deletion => asked.Add(deletion.Snapshot.Snapshot.Arn)).ToList())
            {
                var snapshot = deletion.Snapshot.Snapshot;
                if ((await stores.In(deletion.Region).SharedWithAsync(snapshot.Kind, snapshot.Id, cancellation)).Count > 0) shared.Add(snapshot.Arn);
            }
            if (shared.Count == facts.Shared.Count) return (facts, plan);
            facts = facts with { Shared = shared.ToHashSet(StringComparer.Ordinal) };
            plan = ReconcileRules.Decide(facts, stores.Home.Region, settings.ShareAccounts, tags, now);
        }
    }

    /// <summary>The two functions' log groups are named alike (template.yaml); a group of another name says nothing of the other's.</summary>
    public static string? TakeLogBeside(string? reconcileLog)
    {
        const string Own = $"-{nameof(ReconcileSnapshots)}";
        return reconcileLog?.EndsWith(Own, StringComparison.Ordinal) is true ? $"{reconcileLog[..^Own.Length]}-{nameof(TakeSnapshots)}" : null;
    }

    private static async Task<IReadOnlyList<Snapshot>> ListAsync(ISnapshotStore store, IReadOnlyCollection<string>? names, CancellationToken cancellation)
    {
        if (names is null) return await store.ListAsync(null, cancellation);
        var found = new List<Snapshot>();
        foreach (var name in names) found.AddRange(await store.ListAsync(name, cancellation));
        return found;
    }

    private async Task<DestinationView> LoadAsync(string region, IReadOnlyCollection<string>? names, CancellationToken cancellation)
    {
        try
        {
            return new DestinationView(
                new SnapshotIndex(await ListAsync(stores.In(region), names, cancellation), tags), await keys.OfDestinationAsync(region, cancellation), "");
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // The other Regions go on; nothing of the databases that copy there is deleted.
            return new DestinationView(null, new CopyKey.Missing(), AwsFailure.CodeOf(e));
        }
    }
}
