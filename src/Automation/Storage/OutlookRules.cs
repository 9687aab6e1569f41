using Automation.Ledger;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>From what was measured to how long it lasts. Pure.</summary>
internal static class OutlookRules
{
    /// <summary>What an Aurora volume may have (Aurora user guide, "Amazon Aurora size limits").</summary>
    public const int AuroraGiB = 128 * 1024;

    private const double GiB = 1L << 30;

    /// <summary>CloudWatch has a value of RDS within a few minutes; what is older says nothing of now.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    /// <summary>Aurora's volume is told by the hour here.</summary>
    private static readonly TimeSpan RecentOfCluster = TimeSpan.FromHours(3);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1);

    /// <param name="volume">Of an instance.</param>
    /// <param name="history">Of its free space.</param>
    /// <param name="records">Our growths, whose sizes are known exactly.</param>
    /// <param name="capGiB">The size that is never passed; <c>null</c> where there is none.</param>
    /// <param name="now">The present.</param>
    public static Outlook Of(Volume volume, VolumeHistory history, IReadOnlyList<ActionRecord> records, int? capGiB, DateTimeOffset now)
    {
        var resizes = history.Resizes.Select(resize => Exact(resize, records)).ToList();
        var hours = OfThisDisk(UsedSeries.OfVolume(history.Hours, Hour, volume.AllocatedGiB, resizes));
        var minutes = OfThisDisk(UsedSeries.OfVolume(history.Minutes, Minute, volume.AllocatedGiB, resizes));
        var last = history.Minutes.Where(reading => double.IsFinite(reading.Bytes)).OrderBy(reading => reading.At).Select(reading => (Reading?)reading).LastOrDefault();
        return WithFaults(history, Outlook.Of(
            last is { } reading && now - reading.At <= Recent ? Math.Max(0, reading.Bytes) : null,
            ForecastRules.Of(hours, minutes, volume.AllocatedGiB * GiB, now), capGiB > volume.AllocatedGiB ? capGiB * GiB : null));
    }

    /// <summary>Of an Aurora cluster, whose volume grows by itself to a limit.</summary>
    /// <param name="history">Of what its volume holds.</param>
    /// <param name="capGiB">The size that a person has to be told of; <c>null</c> where there is none.</param>
    /// <param name="now">The present.</param>
    public static Outlook OfCluster(VolumeHistory history, int? capGiB, DateTimeOffset now)
    {
        var used = UsedSeries.OfCluster(history.Hours);
        // What takes decades to fill 128 TiB may be at its cap next week, so whether it grows is asked of the cap.
        var forecast = ForecastRules.Of(used, null, Math.Min(capGiB ?? AuroraGiB, AuroraGiB) * GiB, now);
        return WithFaults(history, Outlook.Of(
            used.Readings.Count > 0 && now - used.Readings[^1].At <= RecentOfCluster ? Math.Max(0, (AuroraGiB * GiB) - used.Readings[^1].Bytes) : null,
            forecast is StorageForecast.Growing growing ? growing with { Capacity = AuroraGiB * GiB } : forecast, capGiB * GiB));
    }

    /// <summary>When the size last changed or is changing, whoever asked for it.</summary>
    public static DateTimeOffset? LastResize(IReadOnlyList<Resize> resizes) =>
        resizes.Select(resize => (DateTimeOffset?)(resize.To ?? resize.From)).Max();

    private static Outlook WithFaults(VolumeHistory history, Outlook outlook) => outlook with { Doubts = [.. outlook.Doubts, .. history.Faults] };

    /// <summary>
    /// More free than the disk is large: the readings are of another one that had this name before, and so is what came before them.
    /// RDS's date of creation tells them apart first; a renamed database keeps its own.
    /// </summary>
    private static UsedSeries OfThisDisk(UsedSeries used)
    {
        var last = -1;
        for (var i = 0; i < used.Readings.Count; i++)
            if (used.Readings[i].Bytes < 0) last = i;
        return last < 0 ? used : new UsedSeries([.. used.Readings.Skip(last + 1)], [.. used.Doubts, "Earlier readings do not fit this disk (another one had its name, or a size was misjudged), and are left out."]);
    }

    private static Resize Exact(Resize resize, IReadOnlyList<ActionRecord> records)
    {
        // RDS tells that it begins within minutes after it was asked.
        var ours = records.Where(record => record.Result == ActionResult.Done && resize.From - record.At is { } wait && wait >= -Minute && wait <= Hour)
            .Select(record => GrowthImage.Read(record.Before)).LastOrDefault();
        return ours is null ? resize : resize with { BeforeGiB = ours.AllocatedGiB, AfterGiB = ours.TargetGiB };
    }
}
