using System.Globalization;
using System.Xml.Linq;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Storage;

/// <summary>Shows in moto's answers what the lab knows of the volumes.</summary>
/// <param name="find">A database by its identifier.</param>
/// <param name="time">How far an optimization is.</param>
internal sealed class VolumeView(Func<string?, VolumeDatabase?> find, TimeProvider time)
{
    /// <summary>Changes an answer that succeeded.</summary>
    public AwsAnswer Show(AwsAnswer answer)
    {
        var document = answer.Document();
        foreach (var instance in document.Named("DBInstance"))
        {
            if (find(instance.Text("DBInstanceIdentifier")) is { } database) Show(instance, database);
        }
        return answer.With(document);
    }

    private void Show(XElement instance, VolumeDatabase database)
    {
        var settings = database.Volume.Settings;
        var (iops, throughput) = StorageKind.Find(settings.StorageType)!.Baseline(settings.AllocatedGiB);
        instance.Set("AllocatedStorage", Text(settings.AllocatedGiB));
        instance.Set("StorageType", settings.StorageType);
        instance.Set("Iops", Text(settings.Iops) ?? iops);
        instance.Set("StorageThroughput", Text(settings.Throughput) ?? throughput);
        instance.Set("MaxAllocatedStorage", Text(settings.MaxAllocatedGiB));
        instance.Set("PercentProgress", database.Progress(time.GetUtcNow()));
        var name = instance.Name.Namespace + "PendingModifiedValues";
        if (instance.Element(name) is not { } values) instance.Add(values = new XElement(name));
        var pending = database.Pending;
        values.Set("AllocatedStorage", Changed(pending?.AllocatedGiB, settings.AllocatedGiB));
        values.Set("StorageType", pending is not null && pending.StorageType != settings.StorageType ? pending.StorageType : null);
        values.Set("Iops", Changed(pending?.Iops, settings.Iops));
        values.Set("StorageThroughput", Changed(pending?.Throughput, settings.Throughput));
    }

    private static string? Changed(int? pending, int? now) => pending == now ? null : Text(pending);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
