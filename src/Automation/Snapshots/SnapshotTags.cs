using System.Globalization;

namespace Automation.Snapshots;

/// <summary>The tags that snapshots carry; they are all the memory there is of what a snapshot is for.</summary>
/// <param name="Prefix">The function's <c>TAG_PREFIX</c>.</param>
internal sealed record SnapshotTags(string Prefix)
{
    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string Us = "automation";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Whoever sets it on a database opts it in.</summary>
    public string OptIn => Prefix + ":snapshots";

    public string ManagedBy => Prefix + ":managed-by";
    public string Slot => Prefix + ":slot";
    public string Source => Prefix + ":source";

    /// <summary>When RDS was asked for it: RDS tells no time of a snapshot or copy that is still being made.</summary>
    public string Begun => Prefix + ":begun";

    public string CopyOf => Prefix + ":copy-of";
    public string SharedWith => Prefix + ":shared-with";

    /// <summary>Set by people: this snapshot stays.</summary>
    public string Hold => Prefix + ":hold";

    /// <summary>What the tags of a snapshot say, or <c>null</c> when it is not ours.</summary>
    public OwnSnapshot? Read(Snapshot snapshot)
    {
        if (snapshot.Tags.GetValueOrDefault(ManagedBy) != Us) return null;
        var slot = Time(snapshot.Tags.GetValueOrDefault(Slot));
        var copyOf = snapshot.Tags.GetValueOrDefault(CopyOf);
        // Tags travel: with a copy that a person makes (CopyTags), with a database restored from a snapshot of ours and on to its
        // own snapshots (CopyTagsToSnapshot). A name that we would not have given it says that it is somebody else's.
        if (slot is { } at && !SnapshotNames.IsOf(snapshot.Id, snapshot.Kind, snapshot.DatabaseId, at, copyOf?.Split(':').ElementAtOrDefault(3))) return null;
        return new OwnSnapshot
        {
            Snapshot = snapshot,
            Slot = slot,
            Begun = Time(snapshot.Tags.GetValueOrDefault(Begun)),
            SourceResourceId = snapshot.Tags.GetValueOrDefault(Source),
            CopyOf = copyOf,
            SharedWith = snapshot.Tags.GetValueOrDefault(SharedWith)?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [],
            Held = snapshot.Tags.ContainsKey(Hold),
        };
    }

    /// <summary>Of a new snapshot.</summary>
    public IReadOnlyDictionary<string, string> Of(string resourceId, DateTimeOffset slot, DateTimeOffset begun) => new Dictionary<string, string>
    {
        [ManagedBy] = Us,
        [Slot] = Text(slot),
        [Source] = resourceId,
        [Begun] = Text(begun),
    };

    /// <summary>Of a copy of one of ours.</summary>
    public IReadOnlyDictionary<string, string> OfCopy(string resourceId, DateTimeOffset slot, DateTimeOffset begun, string sourceArn) =>
        new Dictionary<string, string>(Of(resourceId, slot, begun)) { [CopyOf] = sourceArn };

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
