using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>The snapshots of a Region, to be found by database in a fleet of many.</summary>
internal sealed class SnapshotIndex
{
    private readonly SnapshotTags tags;
    private readonly ILookup<string, Snapshot> bySource;
    private readonly ILookup<(DatabaseKind, string), Snapshot> byName;
    private readonly Dictionary<DatabaseKind, HashSet<string>> names;

    public SnapshotIndex(IReadOnlyList<Snapshot> snapshots, SnapshotTags tags)
    {
        this.tags = tags;
        Snapshots = snapshots;
        bySource = snapshots.Where(snapshot => snapshot.Tags.ContainsKey(tags.Source)).ToLookup(snapshot => snapshot.Tags[tags.Source], StringComparer.Ordinal);
        byName = snapshots.ToLookup(snapshot => (snapshot.Kind, snapshot.DatabaseId));
        names = Enum.GetValues<DatabaseKind>().ToDictionary(
            kind => kind, kind => snapshots.Where(snapshot => snapshot.Kind == kind).Select(snapshot => snapshot.Id).ToHashSet(StringComparer.Ordinal));
    }

    public IReadOnlyList<Snapshot> Snapshots { get; }

    /// <summary>A database may have been renamed: its snapshots keep the old name, and the tag tells whose they are.</summary>
    public Place PlaceOf(RdsDatabase database, string region, bool isHome) => Place.Of(
        region, isHome, bySource[database.ResourceId].Union(byName[(database.Kind, database.Id)]), names[database.Kind], database, tags);

    /// <summary>Copies on their way to this Region, everybody's.</summary>
    public int Underway(DatabaseKind kind) =>
        Snapshots.Count(snapshot => snapshot.Kind == kind && snapshot.IsUnderway && (snapshot.SourceArn is not null || snapshot.Status == "copying"));
}
