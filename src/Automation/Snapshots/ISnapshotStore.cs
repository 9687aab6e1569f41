using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>
/// The manual snapshots of this account in one Region. Reading throws what the SDK throws; a change answers with what RDS
/// said, and throws only when it is not known whether it was made.
/// </summary>
internal interface ISnapshotStore
{
    string Region { get; }

    /// <summary>Of instances and clusters, with their tags, by 100 in a call.</summary>
    /// <param name="databaseId">Only of a database of this name; <c>null</c> for all.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<IReadOnlyList<Snapshot>> ListAsync(string? databaseId, CancellationToken cancellation);

    /// <summary>One snapshot, or <c>null</c> when there is none of this name.</summary>
    Task<Snapshot?> FindAsync(DatabaseKind kind, string id, CancellationToken cancellation);

    /// <summary>Accounts that may restore it; <c>all</c> when it is public.</summary>
    Task<IReadOnlyList<string>> SharedWithAsync(DatabaseKind kind, string id, CancellationToken cancellation);

    Task<SnapshotAnswer> CreateAsync(DatabaseKind kind, string databaseId, string id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation);

    Task<SnapshotAnswer> CopyAsync(CopyOrder order, CancellationToken cancellation);

    Task<SnapshotAnswer> DeleteAsync(DatabaseKind kind, string id, CancellationToken cancellation);

    /// <summary>Lets another account restore and copy it, or no longer.</summary>
    Task<SnapshotAnswer> ShareAsync(DatabaseKind kind, string id, string account, bool share, CancellationToken cancellation);

    Task<SnapshotAnswer> TagAsync(string arn, string key, string value, CancellationToken cancellation);
}

/// <summary>A copy to be made in the store's Region.</summary>
internal sealed record CopyOrder
{
    public required DatabaseKind Kind { get; init; }
    public required string SourceArn { get; init; }
    public required string SourceRegion { get; init; }
    public required string Id { get; init; }

    /// <summary>Key of the destination; <c>null</c> where the source is not encrypted.</summary>
    public required string? KmsKeyId { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}

/// <summary>The stores of the Regions.</summary>
internal interface ISnapshotStores
{
    ISnapshotStore Home { get; }

    ISnapshotStore In(string region);
}
