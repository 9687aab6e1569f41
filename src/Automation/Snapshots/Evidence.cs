using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>How old the newest proofs are that a database can be restored.</summary>
internal sealed record Evidence
{
    /// <summary>Age of the newest good snapshot, or of the database itself while it has none; <c>null</c> when neither is known.</summary>
    public required TimeSpan? Age { get; init; }

    /// <summary>The oldest of the newest copies, one for each Region; <c>null</c> where the policy asks for none, or one cannot be read.</summary>
    public required TimeSpan? OffsiteAge { get; init; }

    public static Evidence Of(RdsDatabase database, OwnSnapshot? newest, IReadOnlyList<Destination> destinations, DateTimeOffset now)
    {
        TimeSpan? Since(DateTimeOffset? at) => at is { } then ? now - then : null;
        return new Evidence
        {
            Age = Since(newest is null ? database.CreatedAt : newest.Snapshot.CreatedAt ?? newest.Slot),
            // A copy holds what its slot's snapshot held, whenever it was copied.
            // Where a Region cannot be read there is nothing to tell, not even of the others: the oldest would look younger.
            OffsiteAge = destinations.Count == 0 || destinations.Any(destination => destination.Place is null) ? null
                : destinations.Max(destination => Since(destination.Place!.NewestGood(now)?.Slot ?? database.CreatedAt)),
        };
    }
}
