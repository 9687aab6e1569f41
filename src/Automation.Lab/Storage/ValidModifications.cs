using System.Globalization;
using System.Xml.Linq;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Storage;

/// <summary>What DescribeValidDBInstanceModifications says of a volume: every type with the sizes it can have.</summary>
internal static class ValidModifications
{
    public static XElement Of(LabVolumeOptions now) => Element("ValidDBInstanceModificationsMessage",
        Element("Storage", StorageKind.All.Select(kind => Options(kind, now))));

    private static XElement Options(StorageKind kind, LabVolumeOptions now) => Element("ValidStorageOptions",
        Element("StorageType", kind.Name),
        Element("StorageSize", Sizes(kind, now.AllocatedGiB)),
        kind.Iops is { } iops ? Element("ProvisionedIops", Range(iops.From, iops.To, 1_000)) : null,
        kind.IopsRatio is { } ratio ? Element("IopsToStorageRatio", Range(ratio.From, ratio.To)) : null,
        kind.Throughput is { } throughput ? Element("ProvisionedStorageThroughput", Range(throughput.From, throughput.To, 1)) : null,
        kind.ThroughputRatio is { } share ? Element("StorageThroughputToIopsRatio", Range(share.From, share.To)) : null,
        Element("SupportsStorageAutoscaling", kind.Autoscales ? "true" : "false"));

    // The size as it is, and what it may grow to; a type that is too small has none.
    private static IEnumerable<XElement> Sizes(StorageKind kind, int now)
    {
        if (now >= kind.MinGiB && now <= kind.MaxGiB) yield return Range(now, now, 1);
        var next = Math.Max(kind.MinGiB, StorageRules.SmallestGrowth(now));
        if (next <= kind.MaxGiB) yield return Range(next, kind.MaxGiB, 1);
    }

    private static XElement Range(int from, int to, int step) =>
        Element("Range", Element("From", Text(from)), Element("To", Text(to)), Element("Step", Text(step)));

    private static XElement Range(double from, double to) => Element("DoubleRange", Element("From", Text(from)), Element("To", Text(to)));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
