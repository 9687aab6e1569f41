namespace Automation.Lab.Snapshots;

/// <summary>What goes wrong with a snapshot.</summary>
internal enum SnapshotFaultKind
{
    /// <summary>It ends as <c>failed</c>.</summary>
    Fail,

    /// <summary>It does not go on before <see cref="SnapshotFaults.Release"/>.</summary>
    Stall,
}

/// <summary>A fault to inject.</summary>
internal sealed record SnapshotFault
{
    public required SnapshotFaultKind Kind { get; init; }

    /// <summary>The instance or cluster, or <c>null</c> for any.</summary>
    public string? DatabaseId { get; init; }

    /// <summary><see cref="SnapshotStatus.Creating"/> or <see cref="SnapshotStatus.Copying"/>, or <c>null</c> for both.</summary>
    public SnapshotStatus? While { get; init; }

    /// <summary>How many of those that begin from now on.</summary>
    public int Times { get; init; } = 1;
}
