using Amazon.Runtime;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Snapshots;

/// <summary>Reads what ReconcileSnapshots decides on.</summary>
internal sealed class SnapshotLoading(ISnapshotStores stores, ISnapshotKeys keys, Settings settings, TimeProvider time)
{
    private readonly SnapshotTags tags = new(settings.TagPrefix);

    /// <summary>The snapshots of the home Region and of every Region the policies name.</summary>
    public async Task<FleetView> LoadAsync(
        string? only, IReadOnlyList<(RdsDatabase Database, SnapshotsPolicy Policy)> databases, CancellationToken cancellation)
    {
        var home = new SnapshotIndex(databases.Count == 0 && only is not null ? [] : await stores.Home.ListAsync(only, cancellation), tags);
        var regions = databases.SelectMany(line => line.Policy.Regions).Distinct(StringComparer.Ordinal).Where(region => region != stores.Home.Region);
        var destinations = new Dictionary<string, DestinationView>(StringComparer.Ordinal);
        foreach (var region in regions) destinations[region] = await LoadAsync(region, only, cancellation);
        return new FleetView { OnlyOne = only is not null, Home = home, Destinations = destinations };
    }

    /// <summary>What is known of one database.</summary>
    public async Task<DatabaseFacts> FactsAsync(FleetView view, RdsDatabase database, SnapshotsPolicy policy, CancellationToken cancellation)
    {
        var home = view.Home.PlaceOf(database, stores.Home.Region);
        var shared = new Dictionary<string, SharedKey>(StringComparer.Ordinal);
        if (home.NewestGood(time.GetUtcNow()) is { Snapshot: { Encrypted: true, KmsKeyId: { } key } } newest)
        {
            foreach (var account in policy.Accounts.Where(account => settings.ShareAccounts.Contains(account) && !newest.SharedWith.Contains(account)))
                shared[account] = await keys.OfSharingAsync(key, account, cancellation);
        }
        return new DatabaseFacts
        {
            Database = database,
            Policy = policy,
            Home = home,
            Destinations =
            [
                .. policy.Regions.Where(region => region != stores.Home.Region).Select(region => view.Destinations[region] is var seen
                    ? new Destination(region, seen.Index?.PlaceOf(database, region), seen.Key, seen.Trouble)
                    : throw new InvalidOperationException("A Region was not read.")),
            ],
            SharedKeys = shared,
        };
    }

    /// <summary>The same plan, with what RDS says about the sharing of everything it would delete.</summary>
    public async Task<(DatabaseFacts Facts, ReconcilePlan Plan)> WithSharesAsync(
        DatabaseFacts facts, ReconcilePlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        var shared = new HashSet<string>(facts.Shared, StringComparer.Ordinal);
        foreach (var deletion in plan.Deletions.ToList())
        {
            if ((await SharedWithAsync(deletion, cancellation)).Count > 0) shared.Add(deletion.Snapshot.Snapshot.Arn);
        }
        if (shared.Count == facts.Shared.Count) return (facts, plan);
        var known = facts with { Shared = shared };
        return (known, ReconcileRules.Decide(known, stores.Home.Region, settings.ShareAccounts, tags, now));
    }

    /// <summary>Accounts that may restore a snapshot that is about to be deleted.</summary>
    public Task<IReadOnlyList<string>> SharedWithAsync(PlannedDeletion deletion, CancellationToken cancellation) =>
        stores.In(deletion.Region).SharedWithAsync(deletion.Snapshot.Snapshot.Kind, deletion.Snapshot.Id, cancellation);

    private async Task<DestinationView> LoadAsync(string region, string? only, CancellationToken cancellation)
    {
        try
        {
            return new DestinationView(
                new SnapshotIndex(await stores.In(region).ListAsync(only, cancellation), tags), await keys.OfDestinationAsync(region, cancellation), "");
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // The other Regions go on; nothing of the databases that copy there is deleted.
            return new DestinationView(null, new CopyKey.Missing(), Printable.Line(
                e is AmazonServiceException { ErrorCode.Length: > 0 } answered ? answered.ErrorCode : e.GetType().Name));
        }
    }
}
