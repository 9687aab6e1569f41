using System.Text.Json.Serialization;

namespace Automation.Storage.Bytes;

/// <summary>
/// What the bytes of a PostgreSQL volume are made of, as the server itself tells the automation's role. <c>null</c> is "could not
/// be seen", and <see cref="Blind"/> says why: it is never nothing.
/// </summary>
internal sealed record ByteTable
{
    /// <summary>Relations listed of one database, slots, users of temporary files, holders.</summary>
    public const int Longest = 20;

    public required DateTimeOffset At { get; init; }

    /// <summary>Bytes used of the volume at <see cref="At"/>, where who asked knows them (CloudWatch): no view of PostgreSQL does.</summary>
    public long? Used { get; init; }

    /// <summary>A read replica, or another standby.</summary>
    public required bool InRecovery { get; init; }

    /// <summary>All of them, largest first.</summary>
    public required IReadOnlyList<DatabaseBytes> Databases { get; init; }

    /// <summary>Of a table read from the ledger: smaller databases that had no room there.</summary>
    public int DatabasesLeftOut { get; init; }

    /// <summary>The largest of the largest databases, largest first.</summary>
    public required IReadOnlyList<RelationBytes> Relations { get; init; }

    /// <summary><c>pg_wal</c>.</summary>
    public required long? Wal { get; init; }

    /// <summary>Files of sorts and hashes at this moment; those of parallel hashes are in directories that no view shows.</summary>
    public required long? Temporary { get; init; }

    /// <summary>The server's log files.</summary>
    public required long? Logs { get; init; }

    /// <summary>Of the databases that were looked into, and in their <see cref="DatabaseBytes.Bytes"/> too; <c>null</c>: none was.</summary>
    [JsonIgnore]
    public long? LargeObjects => Databases.Any(database => database.LargeObjects is not null) ? Databases.Sum(database => database.LargeObjects ?? 0) : null;

    /// <summary>Those that hold most WAL first; <c>null</c>: not seen, and there may be any.</summary>
    public required IReadOnlyList<ReplicationSlot>? Slots { get; init; }

    /// <summary>Who has temporary files now, most bytes first.</summary>
    public required IReadOnlyList<TemporaryUser> TemporaryUsers { get; init; }

    /// <summary>What keeps dead rows from being removed, oldest first; <c>null</c>: not seen, or not all of it.</summary>
    public required IReadOnlyList<XminHolder>? XminHolders { get; init; }

    /// <summary>A sentence for everything that could not be seen, or not as usual, and why.</summary>
    public required IReadOnlyList<string> Blind { get; init; }
}
