namespace Automation.Storage.Bytes;

/// <summary>A volume's used bytes by what they are: the parts and <see cref="Other"/> are <see cref="Used"/>, and none is negative.</summary>
internal sealed record ByteParts
{
    /// <summary>
    /// Of the volume; the sum of the parts where that is more, because free space is measured once a minute and the server was
    /// asked later.
    /// </summary>
    public required long Used { get; init; }

    /// <summary>All databases without their large objects; <c>null</c>, as for the others: not seen, and so in <see cref="Other"/>.</summary>
    public required long? Relations { get; init; }

    public required long? Wal { get; init; }

    public required long? Temporary { get; init; }

    public required long? Logs { get; init; }

    public required long? LargeObjects { get; init; }

    /// <summary>
    /// What no part accounts for: shared catalogs, transaction states, parallel hashes, RDS's own files, and all that was not seen.
    /// </summary>
    public required long Other { get; init; }

    /// <summary>What is in <see cref="Other"/> because it was not seen, in sentences.</summary>
    public required IReadOnlyList<string> Unseen { get; init; }
}
