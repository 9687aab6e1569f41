using Automation.Fleet;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>The manual snapshots of one Region.</summary>
internal sealed class SimulatedRegion(string name, SimulatedRds rds) : ISnapshotStore
{
    private readonly Dictionary<(DatabaseKind, string), SimulatedSnapshot> snapshots = [];
    private readonly List<SimulatedSnapshot> underway = [];

    public string Region => name;

    public IEnumerable<SimulatedSnapshot> Snapshots => snapshots.Values;

    public IReadOnlyList<SimulatedSnapshot> Underway => underway;

    public int Count(DatabaseKind kind) => snapshots.Values.Count(snapshot => snapshot.Kind == kind);

    public SimulatedSnapshot? Find(DatabaseKind kind, string id) => snapshots.GetValueOrDefault((kind, id));

    public SimulatedSnapshot? ByArn(string arn) =>
        Find(arn.Contains(":cluster-snapshot:", StringComparison.Ordinal) ? DatabaseKind.Cluster : DatabaseKind.Instance, arn.Split(':')[^1]) is { } found && found.Arn == arn ? found : null;

    public IReadOnlyList<Snapshot> List(string? databaseId) =>
        [.. snapshots.Values.Where(snapshot => databaseId is null || snapshot.DatabaseId == databaseId).Select(snapshot => snapshot.View)];

    public void Add(SimulatedSnapshot snapshot)
    {
        snapshots.Add((snapshot.Kind, snapshot.Id), snapshot);
        underway.Add(snapshot);
        rds.Happened(snapshot);
    }

    public void Remove(SimulatedSnapshot snapshot)
    {
        snapshots.Remove((snapshot.Kind, snapshot.Id));
        underway.Remove(snapshot);
        rds.Happened(snapshot);
    }

    public void End(SimulatedSnapshot snapshot, bool good, DateTimeOffset now)
    {
        underway.Remove(snapshot);
        snapshot.Become(good ? "available" : "failed", now);
        rds.Happened(snapshot);
    }

    public void Progress(DateTimeOffset now)
    {
        for (var i = underway.Count - 1; i >= 0; i--)
        {
            var snapshot = underway[i];
            if (!snapshot.IsUnderway) underway.RemoveAt(i);
            else if (snapshot.Ends <= now) End(snapshot, snapshot.Good, now);
        }
    }

    public Task<IReadOnlyList<Snapshot>> ListAsync(string? databaseId, CancellationToken cancellation) => rds.ListAsync(this, databaseId);

    public Task<Snapshot?> FindAsync(DatabaseKind kind, string id, CancellationToken cancellation) => rds.FindAsync(this, kind, id);

    public Task<IReadOnlyList<string>> SharedWithAsync(DatabaseKind kind, string id, CancellationToken cancellation) => rds.SharedWithAsync(this, kind, id);

    public Task<SnapshotAnswer> CreateAsync(DatabaseKind kind, string databaseId, string id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) =>
        rds.CreateAsync(this, kind, databaseId, id, tags);

    public Task<SnapshotAnswer> CopyAsync(CopyOrder order, CancellationToken cancellation) => rds.CopyAsync(this, order);

    public Task<SnapshotAnswer> DeleteAsync(DatabaseKind kind, string id, CancellationToken cancellation) => rds.DeleteAsync(this, kind, id);

    public Task<SnapshotAnswer> ShareAsync(DatabaseKind kind, string id, string account, bool share, CancellationToken cancellation) => rds.ShareAsync(this, kind, id, account, share);

    public Task<SnapshotAnswer> TagAsync(string arn, string key, string value, CancellationToken cancellation) => rds.TagAsync(this, arn, key, value);
}
