using Automation.Fleet;

namespace Automation.Storage;

/// <summary>The storage of an instance as RDS describes it right now.</summary>
internal sealed record Volume
{
    public required RdsDatabase Database { get; init; }

    public required int AllocatedGiB { get; init; }

    /// <summary><c>gp2</c>, <c>gp3</c>, <c>io1</c>, <c>io2</c>, <c>standard</c>; may grow.</summary>
    public required string Type { get; init; }

    /// <summary>Provisioned, or the type's baseline; <c>null</c> when RDS names none.</summary>
    public int? Iops { get; init; }

    /// <summary>MiB a second; <c>null</c> when RDS names none.</summary>
    public int? Throughput { get; init; }

    /// <summary>How far RDS grows it by itself; <c>null</c> when its storage autoscaling is off.</summary>
    public int? AutoscalingCapGiB { get; init; }

    /// <summary>
    /// Its autoscaling is at its end: RDS takes no step that would reach the cap, and its smallest is 10 GiB or a tenth (RDS user
    /// guide, "Managing capacity automatically").
    /// </summary>
    public bool IsAutoscaledOut => AutoscalingCapGiB is { } cap && cap <= AllocatedGiB + Math.Max(10, (AllocatedGiB + 9) / 10);

    /// <summary>Settings that RDS has still to apply, by name: they would be applied together with ours.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>The size that RDS has taken and not yet given; <c>null</c> when there is none.</summary>
    public int? PendingGiB { get; init; }

    /// <summary>What RDS itself would take, for this type; empty when it did not say.</summary>
    public IReadOnlyList<StorageRange> Ranges { get; init; } = [];

    /// <summary>Read replicas in any Region: one that is smaller stops when its source outgrows it.</summary>
    public IReadOnlyList<string> Replicas { get; init; } = [];

    /// <summary>WAL is on a volume of its own (RDS user guide, "Dedicated log volume"), and takes nothing of this one.</summary>
    public bool HasLogVolume { get; init; }

    /// <summary>The volume of an Aurora cluster: it grows by itself, and its size here is the limit of that.</summary>
    public bool IsAurora => Database.Engine == "aurora-postgresql";

    public bool IsFull => Database.Status == "storage-full";

    /// <summary>RDS is at work on it, and takes no change of the size meanwhile.</summary>
    public bool IsChanging => Database.Status is "modifying" or "storage-optimization" or "storage-initialization" or "storage-config-upgrade";

    /// <summary>Whether RDS has taken this size, wherever it is on the way.</summary>
    public bool HasTaken(int targetGiB) => AllocatedGiB >= targetGiB || PendingGiB >= targetGiB;
}

/// <summary>Sizes in GiB that RDS takes.</summary>
internal readonly record struct StorageRange(int From, int To);
