namespace Automation.Storage.Bytes;

/// <summary>A table (with its partitions), or a materialized view.</summary>
internal sealed record RelationBytes
{
    public required string Database { get; init; }

    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary><c>table</c>, <c>partitioned table</c>, <c>materialized view</c> or <c>temporary table</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Heap, indexes and TOAST, of all partitions.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of <see cref="Bytes"/>, its own indexes.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>
    /// The heap's share of dead rows by the statistics, which count rows and not bytes; <c>null</c> where there are none: on a
    /// standby, or nothing counted since they began.
    /// </summary>
    public required long? DeadBytes { get; init; }
}
