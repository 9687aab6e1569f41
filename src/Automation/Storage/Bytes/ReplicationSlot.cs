namespace Automation.Storage.Bytes;

/// <summary>One replication slot and who uses it.</summary>
internal sealed record ReplicationSlot
{
    public required string Name { get; init; }

    /// <summary><c>physical</c> or <c>logical</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Of a logical slot.</summary>
    public string? Database { get; init; }

    /// <summary>Of a logical slot: who decodes for it (<c>pgoutput</c>, <c>wal2json</c>).</summary>
    public string? Plugin { get; init; }

    public required bool Active { get; init; }

    /// <summary>The process that has it now.</summary>
    public int? ActivePid { get; init; }

    /// <summary>That process's session; <c>null</c> while nobody has it, or where the session is hidden from us.</summary>
    public SlotConsumer? Consumer { get; init; }

    /// <summary><c>reserved</c>, <c>extended</c>, <c>unreserved</c> or <c>lost</c>; <c>null</c>: it has not reserved any yet.</summary>
    public string? WalStatus { get; init; }

    /// <summary>WAL that may still be written before it is lost; <c>null</c>: no limit (<c>max_slot_wal_keep_size</c> is -1), or lost.</summary>
    public long? SafeWalBytes { get; init; }

    /// <summary>WAL kept for it; <c>null</c>: it keeps none, because it is lost or has reserved none yet.</summary>
    public long? RetainedBytes { get; init; }

    /// <summary>From 17 on.</summary>
    public DateTimeOffset? InactiveSince { get; init; }

    /// <summary>From 17 on; of 16 only <c>conflicting</c>.</summary>
    public string? InvalidationReason { get; init; }

    /// <summary>Transactions since the oldest whose dead rows it keeps.</summary>
    public int? XminAge { get; init; }

    /// <summary>The same of catalog rows.</summary>
    public int? CatalogXminAge { get; init; }

    /// <summary>Gone with its session.</summary>
    public required bool Temporary { get; init; }
}

/// <summary>The session that has a slot.</summary>
internal sealed record SlotConsumer(string Role, string Application, string? Address)
{
    /// <summary>When it began, which makes its pid unique.</summary>
    public DateTimeOffset? BackendStart { get; init; }
}
