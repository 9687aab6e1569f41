using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>A Region as a run finds it, narrowed to one database: the home Region, or one that copies go to.</summary>
internal sealed record Place
{
    public required string Region { get; init; }

    /// <summary>Our snapshots (at a destination: copies) of this very database, in whatever state.</summary>
    public required IReadOnlyList<OwnSnapshot> Own { get; init; }

    /// <summary>Other manual snapshots of a database of this name: of people, other tools, or of a database that is gone.</summary>
    public required IReadOnlyList<Snapshot> Others { get; init; }

    /// <summary>The newest snapshot that can be restored, by its slot; <c>null</c> when there is none.</summary>
    public OwnSnapshot? NewestGood(DateTimeOffset now) => Own
        .Where(own => own.Snapshot.IsAvailable && own.Slot <= now)
        .MaxBy(own => (own.Slot, own.Id));

    /// <summary>Names of all snapshots there of this kind, of whatever database, as far as they were read.</summary>
    public required IReadOnlySet<string> Names { get; init; }

    /// <summary>Whether a name is taken, whoever's snapshot has it.</summary>
    public bool Has(string id) => Names.Contains(id);

    /// <summary>The snapshots of one database among all of a Region.</summary>
    /// <param name="region">Which.</param>
    /// <param name="isHome">The database's own: a snapshot there is no copy, and elsewhere it is one.</param>
    /// <param name="candidates">All that may be of this database, by name or by tag.</param>
    /// <param name="names">Names of all snapshots there.</param>
    /// <param name="database">Whose.</param>
    /// <param name="tags">How ours are told.</param>
    public static Place Of(
        string region, bool isHome, IEnumerable<Snapshot> candidates, IReadOnlySet<string> names, RdsDatabase database, SnapshotTags tags)
    {
        var own = new List<OwnSnapshot>();
        var others = new List<Snapshot>();
        foreach (var snapshot in candidates)
        {
            if (tags.Read(snapshot) is { } read && IsOf(read, database, isHome)) own.Add(read);
            else others.Add(snapshot);
        }
        return new Place { Region = region, Own = own, Others = others, Names = names };
    }

    // Anybody may write a tag; what RDS says of a snapshot nobody can. Of a copy RDS need not know the database any more.
    private static bool IsOf(OwnSnapshot own, RdsDatabase database, bool isHome) =>
        own.SourceResourceId == database.ResourceId && own.Snapshot.Kind == database.Kind && own.CopyOf is null == isHome
        && (!isHome || own.Snapshot.ResourceId is null || own.Snapshot.ResourceId == database.ResourceId);
}
