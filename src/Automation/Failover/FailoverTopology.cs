namespace Automation.Failover;

/// <summary>What stands behind a database's name, as RDS describes it right now.</summary>
internal sealed record FailoverTopology
{
    /// <summary>An instance has one member, itself; a cluster all of its own.</summary>
    public required IReadOnlyList<FailoverMember> Members { get; init; }

    /// <summary>Of a Multi-AZ instance: where its standby is, which is in no list of instances.</summary>
    public string? StandbyZone { get; init; }

    /// <summary>Of a cluster: where its readers are reached together; <c>null</c> without readers.</summary>
    public string? ReaderHost { get; init; }

    /// <summary>It takes its data from another database, so nothing can be written to it.</summary>
    public string? ReplicaOf { get; init; }

    /// <summary>Settings of the cluster or instance as a whole that RDS has still to apply.</summary>
    public IReadOnlyList<string> PendingModifications { get; init; } = [];

    /// <summary>As RDS writes it, UTC: <c>03:05-03:35</c>.</summary>
    public string? BackupWindow { get; init; }

    /// <summary>Of the database and its members, as RDS writes them, UTC: <c>sun:04:00-sun:04:30</c>.</summary>
    public IReadOnlyList<string> MaintenanceWindows { get; init; } = [];

    /// <summary><c>null</c> when RDS names none, or for a moment two.</summary>
    public FailoverMember? Writer => Members.Where(member => member.IsWriter).ToList() is [var writer] ? writer : null;
}
