using System.Globalization;

namespace Automation.Lab.Storage;

/// <summary>What RDS for PostgreSQL refuses of a ModifyDBInstance that changes the storage.</summary>
internal static class StorageRules
{
    /// <summary>The answer for as long as a change is optimized, and for six hours.</summary>
    public static StorageRefusal StillOptimizing { get; } = StorageRefusal.Combination(
        "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.");

    public static StorageRefusal NotAvailable { get; } = StorageRefusal.State("Database instance is not in available state.");

    /// <summary>The least that RDS grows by: to 110%, in whole GiB.</summary>
    public static int SmallestGrowth(int allocatedGiB) => (int)((allocatedGiB * 11L + 9) / 10);

    /// <summary>Whether the instance's state allows it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="status">The instance's.</param>
    /// <param name="changesVolume">Whether the volume itself is to change, and not only how far it may grow.</param>
    /// <param name="isUnderway">A change was accepted and is not over.</param>
    /// <param name="isCooling">The last one was less than six hours ago.</param>
    public static StorageRefusal? OfState(StorageRequest request, string status, bool changesVolume, bool isUnderway, bool isCooling) => status switch
    {
        "storage-full" when request is not { AllocatedGiB: not null, StorageType: null, Iops: null, Throughput: null, MaxAllocatedGiB: null, AsksForMore: false } =>
            StorageRefusal.State("The DB instance is in the storage-full state: only its allocated storage can be modified."),
        "available" or "storage-full" or "storage-optimization" => !changesVolume ? null
            : status == "storage-optimization" || isCooling ? StillOptimizing
            : isUnderway ? NotAvailable
            : null,
        _ => NotAvailable,
    };

    /// <summary>Whether the volume can become so.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="former">The volume as it is.</param>
    /// <param name="to">As it is to be.</param>
    /// <param name="sizeAlone">The size may be asked for without its IOPS: of a full instance nothing else may.</param>
    public static StorageRefusal? OfVolume(StorageRequest request, LabVolumeOptions former, LabVolumeOptions to, bool sizeAlone) =>
        OfSize(request, former, to) ?? OfIops(request, former, to, sizeAlone) ?? OfMaximum(to);

    private static StorageRefusal? OfSize(StorageRequest request, LabVolumeOptions former, LabVolumeOptions to)
    {
        if (StorageKind.Find(to.StorageType) is not { } kind) return StorageRefusal.Value($"Invalid storage type: {to.StorageType}");
        if (to.AllocatedGiB < kind.MinGiB || to.AllocatedGiB > kind.MaxGiB)
            return StorageRefusal.Value(Text($"Invalid storage size for engine name postgres and storage type {kind.Name}: {to.AllocatedGiB}"));
        if (request.AllocatedGiB is not { } size) return null;
        if (size < former.AllocatedGiB)
            return StorageRefusal.Combination(Text($"Requested storage size ({size}) cannot be less than the current storage size ({former.AllocatedGiB})"));
        // The same size is what has to be sent with new IOPS; alone it asks for nothing.
        if (size == former.AllocatedGiB) return (to with { MaxAllocatedGiB = former.MaxAllocatedGiB }) == former
            ? StorageRefusal.Combination(Text($"Requested storage size ({size}) is the current storage size"))
            : null;
        return size < SmallestGrowth(former.AllocatedGiB)
            ? StorageRefusal.Combination(Text($"Requested storage size ({size}) must be at least 10% more than the current storage size ({former.AllocatedGiB})"))
            : null;
    }

    private static StorageRefusal? OfIops(StorageRequest request, LabVolumeOptions former, LabVolumeOptions to, bool sizeAlone)
    {
        if (!request.ChangesVolume) return null;
        var kind = StorageKind.Find(to.StorageType)!;
        if (!kind.TakesIops(to.AllocatedGiB))
        {
            return request.Iops is null && request.Throughput is null ? null : StorageRefusal.Combination(kind.Iops is null
                ? $"You can't specify IOPS or storage throughput for engine postgres and storage type {kind.Name}."
                : Text($"You can't specify IOPS or storage throughput for engine postgres and a storage size less than {StorageKind.StripedGiB}."));
        }
        var hadIops = former.StorageType == kind.Name && kind.TakesIops(former.AllocatedGiB);
        if (hadIops && !sizeAlone && request.AllocatedGiB is null != request.Iops is null)
        {
            return StorageRefusal.Combination(
                "You must specify both the storage size and iops when modifying the storage size or iops on a DB instance that has iops.");
        }
        if (to.Iops is not { } iops)
        {
            // gp3 brings its own.
            return kind.Throughput is null ? StorageRefusal.Combination($"You must specify iops for storage type {kind.Name}.") : null;
        }
        if (iops < kind.Iops!.Value.From || iops > kind.Iops.Value.To)
            return StorageRefusal.Combination(Text($"Invalid iops for engine name postgres and storage type {kind.Name}: {iops}"));
        return OfRatio(kind, iops, to.AllocatedGiB, "storage")
            ?? (to.MaxAllocatedGiB is { } max ? OfRatio(kind, iops, max, "max storage") : null)
            ?? OfThroughput(kind, iops, to.Throughput);
    }

    private static StorageRefusal? OfRatio(StorageKind kind, int iops, int size, string what)
    {
        var ratio = (double)iops / size;
        var (least, most) = kind.IopsRatio!.Value;
        return ratio >= least && ratio <= most ? null : StorageRefusal.Combination(
            Text($"Invalid iops to {what} (GB) ratio for engine name postgres and storage type {kind.Name}: {ratio:F4}"));
    }

    private static StorageRefusal? OfThroughput(StorageKind kind, int iops, int? asked)
    {
        if (asked is not { } throughput) return null;
        return kind.Throughput is { } range && throughput >= range.From && throughput <= range.To && throughput <= iops * kind.ThroughputRatio!.Value.To
            ? null
            : StorageRefusal.Combination(Text($"Invalid storage throughput for engine name postgres and storage type {kind.Name}: {throughput}"));
    }

    private static StorageRefusal? OfMaximum(LabVolumeOptions to)
    {
        if (to.MaxAllocatedGiB is not { } max) return null;
        var kind = StorageKind.Find(to.StorageType)!;
        if (max < to.AllocatedGiB) return StorageRefusal.Combination("Max storage size must be greater than storage size");
        return !kind.Autoscales || max < SmallestGrowth(to.AllocatedGiB) || max > kind.MaxGiB
            ? StorageRefusal.Combination(Text($"Invalid max storage size for engine name postgres and storage type {kind.Name}: {max}"))
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
