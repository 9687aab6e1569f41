using System.Net;
using Amazon.RDS;
using Amazon.Runtime;
using Automation.Fleet;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>RDS and KMS of an account in memory: states, limits and error codes of the research note, and time that things take.</summary>
internal sealed class SimulatedRds(Chance chance, bool trouble, Mishaps mishaps, TimeProvider time, Watch watch) : IDatabaseInventory, ISnapshotStores, ISnapshotKeys, ISnapshotQuotas
{
    public const string Account = "123456789012", HomeRegion = "eu-central-1";

    private readonly Lock changing = new();
    private readonly Dictionary<string, SimulatedRegion> regions = [];

    public List<SimulatedDatabase> Databases { get; } = [];

    /// <summary>Counts what happened: nothing is to be looked at again while it stands still.</summary>
    public long Version { get; private set; }

    /// <summary>The same of the home Region and the databases alone.</summary>
    public long HomeVersion { get; private set; }

    public HashSet<string> Unreadable { get; } = [];
    public HashSet<string> KeyMissing { get; } = [];

    /// <summary>Manual snapshots that the home Region may have, of each kind.</summary>
    public int Quota { get; set; } = 1000;

    /// <summary>What RDS tells EventBridge about the home Region.</summary>
    public List<(DatabaseKind Kind, string Id)> Events { get; } = [];

    public ISnapshotStore Home => Region(HomeRegion);

    public IEnumerable<SimulatedSnapshot> All => regions.Values.SelectMany(region => region.Snapshots);

    public IEnumerable<SimulatedSnapshot> InTheMaking => regions.Values.SelectMany(region => region.Underway);

    public SimulatedRegion Region(string name)
    {
        lock (changing)
        {
            if (!regions.TryGetValue(name, out var region)) regions[name] = region = new SimulatedRegion(name, this);
            return region;
        }
    }

    public ISnapshotStore In(string region) => Region(region);

    public SimulatedDatabase? Find(string nameOrResourceId) =>
        Databases.Find(database => database.Id == nameOrResourceId || database.ResourceId == nameOrResourceId);

    public void Changed() => (Version, HomeVersion) = (Version + 1, HomeVersion + 1);

    /// <summary>A snapshot that a person makes; RDS is done with it at once.</summary>
    public SimulatedSnapshot AddByHand(string region, SimulatedDatabase database, string id, Dictionary<string, string> tags, SimulatedSnapshot? source, TimeSpan takes)
    {
        var now = time.GetUtcNow();
        var snapshot = new SimulatedSnapshot
        {
            Region = region, Kind = database.Kind, Id = id, DatabaseId = database.Id, Owner = database.ResourceId, Ours = false, Begun = now, Ends = now + takes,
            Good = true, Source = source, Tags = tags, KmsKeyId = database.KmsKeyId, Slot = null, Status = source is null ? "creating" : "copying",
        };
        Region(region).Add(snapshot);
        if (takes == TimeSpan.Zero) snapshot.Become("available", now);
        return snapshot;
    }

    /// <summary>A good snapshot of the automation's, from before the simulation began.</summary>
    public SimulatedSnapshot Inherit(SimulatedDatabase database, DateTimeOffset slot)
    {
        var snapshot = new SimulatedSnapshot
        {
            Region = HomeRegion, Kind = database.Kind, Id = SnapshotNames.Of(database.Kind, database.Id, slot, 1), DatabaseId = database.Id, Owner = database.ResourceId, Ours = true, Begun = slot,
            Ends = slot, Good = true, Source = null, Tags = new(new SnapshotTags("automation").Of(database.ResourceId, slot, slot)), KmsKeyId = database.KmsKeyId, Slot = slot, Status = "creating",
        };
        Region(HomeRegion).Add(snapshot);
        Region(HomeRegion).End(snapshot, good: true, slot);
        return snapshot;
    }

    /// <summary>Ends what is done by now.</summary>
    public void Progress()
    {
        var now = time.GetUtcNow();
        foreach (var region in regions.Values) region.Progress(now);
    }

    public void Happened(SimulatedSnapshot snapshot)
    {
        Version++;
        if (snapshot.Region != HomeRegion) return;
        HomeVersion++;
        Events.Add((snapshot.Kind, snapshot.Id));
    }

    public bool IsBackingUp(SimulatedDatabase database) =>
        database.Kind == DatabaseKind.Instance && Region(HomeRegion).Underway.Any(snapshot => snapshot.Owner == database.ResourceId && snapshot.Source is null);

    public Task<IReadOnlyList<RdsDatabase>> ListAsync(string? id, CancellationToken cancellation)
    {
        lock (changing)
        {
            Ask(id ?? "fleet", "databases");
            return Task.FromResult<IReadOnlyList<RdsDatabase>>([.. Databases.Where(database => id is null || database.Id == id).Select(database => database.View(IsBackingUp(database)))]);
        }
    }

    public Task<CopyKey> OfDestinationAsync(string region, CancellationToken cancellation) =>
        Task.FromResult<CopyKey>(KeyMissing.Contains(region) ? new CopyKey.Missing() : new CopyKey.Usable($"arn:aws:kms:{region}:{Account}:key/copies"));

    public Task<SharedKey> OfSharingAsync(string keyArn, string account, CancellationToken cancellation) => Task.FromResult<SharedKey>(new SharedKey.Usable());

    public Task<IReadOnlyDictionary<DatabaseKind, Quota>> ReadAsync(CancellationToken cancellation)
    {
        lock (changing)
        {
            Ask("fleet", "quota");
            return Task.FromResult<IReadOnlyDictionary<DatabaseKind, Quota>>(new Dictionary<DatabaseKind, Quota>
            {
                [DatabaseKind.Instance] = new(Region(HomeRegion).Count(DatabaseKind.Instance), Quota),
                [DatabaseKind.Cluster] = new(Region(HomeRegion).Count(DatabaseKind.Cluster), Quota),
            });
        }
    }

    public Task<IReadOnlyList<Snapshot>> ListAsync(SimulatedRegion region, string? databaseId)
    {
        lock (changing)
        {
            Ask(databaseId ?? "fleet", "list " + region.Region);
            if (Unreadable.Contains(region.Region)) throw Error("AccessDenied", HttpStatusCode.Forbidden);
            return Task.FromResult(region.List(databaseId));
        }
    }

    public Task<Snapshot?> FindAsync(SimulatedRegion region, DatabaseKind kind, string id)
    {
        lock (changing)
        {
            var found = region.Find(kind, id);
            Ask(found?.DatabaseId ?? "fleet", "find");
            return Task.FromResult(found?.View);
        }
    }

    public Task<IReadOnlyList<string>> SharedWithAsync(SimulatedRegion region, DatabaseKind kind, string id)
    {
        lock (changing)
        {
            var found = region.Find(kind, id) ?? throw Error(kind == DatabaseKind.Cluster ? "DBClusterSnapshotNotFoundFault" : "DBSnapshotNotFound", HttpStatusCode.NotFound);
            Ask(found.DatabaseId, "attributes");
            return Task.FromResult<IReadOnlyList<string>>([.. found.Accounts]);
        }
    }

    public Task<SnapshotAnswer> CreateAsync(SimulatedRegion region, DatabaseKind kind, string databaseId, string id, IReadOnlyDictionary<string, string> tags) => Change(databaseId, "create", () =>
    {
        watch.Change("create-snapshot", $"{region.Region}/{id}");
        watch.Name(kind, id);
        var cluster = kind == DatabaseKind.Cluster;
        if (Databases.Find(database => database.Kind == kind && database.Id == databaseId) is not { } source)
            return Refuse(cluster ? "DBClusterNotFoundFault" : "DBInstanceNotFound");
        if (IsBackingUp(source) || (source.Status != "available" && (cluster || source.Status != "storage-optimization")))
            return Refuse(cluster ? "InvalidDBClusterStateFault" : "InvalidDBInstanceState");
        if (region.Find(kind, id) is not null) return Refuse(cluster ? "DBClusterSnapshotAlreadyExistsFault" : "DBSnapshotAlreadyExists");
        if (region.Count(kind) >= Quota) return Refuse("SnapshotQuotaExceeded", $"Cannot create more than {Quota} manual snapshots");
        var snapshot = Underway(region, source.Kind, id, source.Id, source.ResourceId, tags, null, source.KmsKeyId, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(35));
        watch.Taken(snapshot, region.Snapshots);
        region.Add(snapshot);
        return SnapshotAnswer.Done;
    });

    public Task<SnapshotAnswer> CopyAsync(SimulatedRegion region, CopyOrder order)
    {
        var source = Region(order.SourceRegion).ByArn(order.SourceArn);
        return Change(source?.DatabaseId ?? "fleet", "copy " + region.Region, () =>
        {
            watch.Change("copy-snapshot", $"{region.Region}/{order.Id}");
            watch.Name(order.Kind, order.Id);
            var cluster = order.Kind == DatabaseKind.Cluster;
            if (source is null) return Refuse(cluster ? "DBClusterSnapshotNotFoundFault" : "DBSnapshotNotFound");
            if (!source.IsAvailable) return Refuse(cluster ? "InvalidDBClusterSnapshotStateFault" : "InvalidDBSnapshotState");
            if (region.Find(order.Kind, order.Id) is not null) return Refuse(cluster ? "DBClusterSnapshotAlreadyExistsFault" : "DBSnapshotAlreadyExists");
            if (source.KmsKeyId is not null && (order.KmsKeyId is null || KeyMissing.Contains(region.Region))) return Refuse("KMSKeyNotAccessibleFault");
            if (region.Underway.Count(copy => copy.Kind == order.Kind) >= CopyQueue.LimitOf(order.Kind))
                return Refuse("SnapshotQuotaExceeded", $"Cannot copy more than {CopyQueue.LimitOf(order.Kind)} snapshots across regions");
            var copy = Underway(region, order.Kind, order.Id, source.DatabaseId, source.Owner, order.Tags, source, order.KmsKeyId, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(55));
            watch.Copied(copy, region.Snapshots);
            region.Add(copy);
            return SnapshotAnswer.Done;
        });
    }

    public Task<SnapshotAnswer> DeleteAsync(SimulatedRegion region, DatabaseKind kind, string id) => Change(region.Find(kind, id)?.DatabaseId ?? "fleet", "delete " + id, () =>
    {
        watch.Change("delete-snapshot", $"{region.Region}/{id}");
        var cluster = kind == DatabaseKind.Cluster;
        if (region.Find(kind, id) is not { } snapshot) return Refuse(cluster ? "DBClusterSnapshotNotFoundFault" : "DBSnapshotNotFound");
        watch.Deleting(snapshot, region.Snapshots, InTheMaking.Where(copy => copy.IsUnderway && copy.Source == snapshot), Databases.Find(database => database.ResourceId == snapshot.Owner));
        if (!snapshot.IsAvailable) return Refuse(cluster ? "InvalidDBClusterSnapshotStateFault" : "InvalidDBSnapshotState");
        region.Remove(snapshot);
        foreach (var copy in InTheMaking.Where(copy => copy.IsUnderway && copy.Source == snapshot).ToList()) Region(copy.Region).End(copy, good: false, time.GetUtcNow());
        return SnapshotAnswer.Done;
    });

    public Task<SnapshotAnswer> ShareAsync(SimulatedRegion region, DatabaseKind kind, string id, string account, bool share) => Change(region.Find(kind, id)?.DatabaseId ?? "fleet", $"share {id} {account}", () =>
    {
        watch.Change(share ? "share-snapshot" : "withdraw-share", $"{region.Region}/{id}/{account}");
        if (region.Find(kind, id) is not { } snapshot) return Refuse(kind == DatabaseKind.Cluster ? "DBClusterSnapshotNotFoundFault" : "DBSnapshotNotFound");
        watch.Sharing(snapshot, account, share);
        if (share) snapshot.Accounts.Add(account);
        else snapshot.Accounts.Remove(account);
        Version++;
        return SnapshotAnswer.Done;
    });

    public Task<SnapshotAnswer> TagAsync(SimulatedRegion region, string arn, string key, string value) => Change(region.ByArn(arn)?.DatabaseId ?? "fleet", "tag " + arn, () =>
    {
        if (region.ByArn(arn) is not { } snapshot) return Refuse("DBSnapshotNotFound");
        watch.Tagging(snapshot, key);
        snapshot.Tag(key, value);
        Version++;
        return SnapshotAnswer.Done;
    });

    private SimulatedSnapshot Underway(SimulatedRegion region, DatabaseKind kind, string id, string databaseId, string owner,
        IReadOnlyDictionary<string, string> tags, SimulatedSnapshot? source, string? key, TimeSpan least, TimeSpan most)
    {
        var (question, now) = ($"{region.Region}/{owner}/{id}", time.GetUtcNow());
        var luck = trouble ? chance.Of(question) : 1;
        // One of a hundred hangs for a day or two and fails then, three fail soon, some take several times as long.
        var takes = luck < 0.01 ? chance.Between(TimeSpan.FromHours(15), TimeSpan.FromHours(50), question + "/hangs") : chance.Between(least, most, question + "/takes");
        return new SimulatedSnapshot
        {
            Region = region.Region, Kind = kind, Id = id, DatabaseId = databaseId, Owner = owner, Ours = true, Begun = now, Ends = now + takes, Good = luck >= 0.04,
            Source = source, Tags = new Dictionary<string, string>(tags), KmsKeyId = key, Slot = Watch.SlotOf(tags), Status = source is null ? "creating" : "copying",
        };
    }

    private void Ask(string subject, string call)
    {
        switch (mishaps.Of(subject, call))
        {
            case Mishap.None: return;
            case Mishap.Throttled: throw Error("Throttling", HttpStatusCode.BadRequest);
            case Mishap.LostBefore: throw Error("InternalFailure", HttpStatusCode.InternalServerError);
            default: throw new TimeoutException("No answer of RDS.");
        }
    }

    // A change answers with what RDS said, and throws when it is not known whether it was made: as the real store does.
    private Task<SnapshotAnswer> Change(string subject, string call, Func<SnapshotAnswer> change)
    {
        lock (changing)
        {
            var mishap = mishaps.Of(subject, call);
            switch (mishap)
            {
                case Mishap.None: return Task.FromResult(change());
                case Mishap.Throttled: return Task.FromResult(Refuse("Throttling", "Rate exceeded"));
                case Mishap.LostAfter or Mishap.GoneAfter:
                    change();
                    throw Error("InternalFailure", HttpStatusCode.InternalServerError);
                case Mishap.LostBefore: throw Error("InternalFailure", HttpStatusCode.ServiceUnavailable);
                default: throw new TimeoutException("No answer of RDS.");
            }
        }
    }

    private static SnapshotAnswer Refuse(string code, string message = "no") => SnapshotFaults.Of(code, message);

    private static AmazonRDSException Error(string code, HttpStatusCode status) => new("Simulated.", ErrorType.Receiver, code, "R", status);
}
