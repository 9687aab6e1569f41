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
    public static Place Of(string region, IEnumerable<Snapshot> ofDatabaseName, IReadOnlySet<string> names, string resourceId, SnapshotTags tags)
    {
        var own = new List<OwnSnapshot>();
        var others = new List<Snapshot>();
        foreach (var snapshot in ofDatabaseName)
        {
            if (tags.Read(snapshot) is { } read && read.SourceResourceId == resourceId) own.Add(read);
            else others.Add(snapshot);
        }
        return new Place { Region = region, Own = own, Others = others, Names = names };
    }
}

/// <summary>A Region that copies go to; <paramref name="Place"/> is <c>null</c> when it could not be read.</summary>
internal sealed record Destination(string Region, Place? Place, CopyKey Key, string Trouble = "");
