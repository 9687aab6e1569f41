using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Storage;

/// <summary>What a ModifyDBInstance asks of the storage.</summary>
internal sealed record StorageRequest
{
    private static readonly HashSet<string> Frame = ["Action", "Version", "DBInstanceIdentifier", "ApplyImmediately"];
    private static readonly HashSet<string> Storage = ["AllocatedStorage", "StorageType", "Iops", "StorageThroughput", "MaxAllocatedStorage"];

    public int? AllocatedGiB { get; init; }

    public string? StorageType { get; init; }

    public int? Iops { get; init; }

    public int? Throughput { get; init; }

    public int? MaxAllocatedGiB { get; init; }

    public bool ApplyImmediately { get; init; }

    /// <summary>Whether it asks for anything besides.</summary>
    public bool AsksForMore { get; init; }

    /// <summary>Whether it changes the volume itself, and not only how far it may grow.</summary>
    public bool ChangesVolume => AllocatedGiB is not null || StorageType is not null || Iops is not null || Throughput is not null;

    public static StorageRequest Of(AwsCall call) => new()
    {
        AllocatedGiB = Number(call, "AllocatedStorage"),
        StorageType = call.Parameter("StorageType"),
        Iops = Number(call, "Iops"),
        Throughput = Number(call, "StorageThroughput"),
        MaxAllocatedGiB = Number(call, "MaxAllocatedStorage"),
        ApplyImmediately = bool.TryParse(call.Parameter("ApplyImmediately"), out var now) && now,
        AsksForMore = call.Parameters.Keys.Any(name => !Frame.Contains(name) && !Storage.Contains(name)),
    };

    /// <summary>What was sent about the instance, for the record.</summary>
    public static IReadOnlyDictionary<string, string> Sent(AwsCall call) =>
        call.Parameters.Where(p => p.Key is not ("Action" or "Version")).ToDictionary();

    /// <summary>The same call without the storage.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Besides(AwsCall call) => call.Parameters.Where(p => !Storage.Contains(p.Key));

    /// <summary>The volume as it is to be.</summary>
    public LabVolumeOptions Applied(LabVolumeOptions to)
    {
        var size = AllocatedGiB ?? to.AllocatedGiB;
        var max = MaxAllocatedGiB ?? to.MaxAllocatedGiB;
        // What was provisioned of one type is nothing to another.
        var isSameType = StorageType is null || StorageType == to.StorageType;
        return new LabVolumeOptions
        {
            AllocatedGiB = size,
            StorageType = StorageType ?? to.StorageType,
            Iops = Iops ?? (isSameType ? to.Iops : null),
            Throughput = Throughput ?? (isSameType ? to.Throughput : null),
            // As large as the storage is how autoscaling is turned off.
            MaxAllocatedGiB = max == size ? null : max,
        };
    }

    private static int? Number(AwsCall call, string name) =>
        call.Parameter(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
