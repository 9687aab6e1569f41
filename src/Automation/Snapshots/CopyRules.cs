using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What is done about one database and one Region that its snapshots are copied to.</summary>
internal abstract record CopyDecision
{
    private CopyDecision()
    {
    }

    public sealed record UpToDate : CopyDecision;

    /// <summary>One is on its way; RDS copies those of a database one after the other.</summary>
    public sealed record Underway(string Id) : CopyDecision;

    /// <summary>Other databases' copies go first; RDS takes only so many at a time.</summary>
    public sealed record Waiting(string Region) : CopyDecision;

    public sealed record Start(string Region, CopyOrder Order) : CopyDecision;

    public sealed record Refused(Finding Finding) : CopyDecision;
}

/// <summary>
/// The newest good snapshot is copied when the destination has only older ones. A backlog is never worked off: what matters is
/// how old the newest copy is.
/// </summary>
internal static class CopyRules
{
    /// <summary>A copy that takes longer than this is told about. RDS says nothing when a copy fails or hangs.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromHours(24);

    /// <param name="database">Whose snapshots.</param>
    /// <param name="home">The Region it is in.</param>
    /// <param name="source">The newest good snapshot at home; <c>null</c> when there is none.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="tags">How ours are told.</param>
    /// <param name="now">The time of the run.</param>
    public static CopyDecision Decide(
        RdsDatabase database, string home, OwnSnapshot? source, Destination destination, SnapshotTags tags, DateTimeOffset now)
    {
        var region = destination.Region;
        if (destination.Place is not { } place)
            return Refuse(Reasons.DestinationUnreadable, $"the snapshots in {region} could not be read ({destination.Trouble}): nothing is copied there, and nothing deleted");
        if (source?.Slot is not { } slot) return new CopyDecision.UpToDate();
        if (place.Own.Any(copy => copy.Snapshot.IsAvailable && copy.Slot >= slot && copy.Slot <= now)) return new CopyDecision.UpToDate();
        if (place.Own.FirstOrDefault(copy => copy.Snapshot.IsUnderway) is { } underway) return new CopyDecision.Underway(underway.Id);

        var names = Enumerable.Range(1, SnapshotNames.Attempts).Select(attempt => SnapshotNames.OfCopy(database.Kind, database.Id, slot, home, attempt)).ToList();
        if (names.Find(name => !place.Has(name)) is not { } free)
            return Refuse(Reasons.CopyFailed, $"no copy of {source.Id} came to be in {region}: see {string.Join(", ", names)} there");
        if (!source.Snapshot.Encrypted) return Start(null);
        return destination.Key switch
        {
            CopyKey.Usable(var arn) => Start(arn),
            CopyKey.Missing => Refuse(Reasons.KeyMissing,
                $"{source.Id} is encrypted, and a copy in {region} needs a key of that Region: make {CopyKey.Alias} there the alias of a customer-managed key"),
            CopyKey.Unusable(var why) => Refuse(Reasons.KeyUnusable, $"{CopyKey.Alias} in {region} {why}"),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };

        CopyDecision.Refused Refuse(string reason, string sentence) => new(new Finding(reason, sentence, Severity.Warning, About: region));

        CopyDecision.Start Start(string? key) => new(region, new CopyOrder
        {
            Kind = database.Kind,
            SourceArn = source.Snapshot.Arn,
            SourceRegion = home,
            Id = free,
            KmsKeyId = key,
            Tags = tags.OfCopy(database.ResourceId, slot, now, source.Snapshot.Arn),
        });
    }
}
