using System.Globalization;
using Automation.Ledger;

namespace Automation.Storage;

/// <summary>What a volume may grow to. Pure.</summary>
internal static class LimitRules
{
    /// <summary>From here on RDS keeps PostgreSQL on four volumes instead of one, and copies all data to get there (RDS user guide, "DB instance storage").</summary>
    public const int CopiesFromGiB = 400;

    /// <summary>Of 30 days, for the infrastructure code and the bill to keep up with.</summary>
    public const decimal MostGrowth = 1.5m;

    public static readonly TimeSpan GrowthWindow = TimeSpan.FromDays(30);

    private const int MostGiB = 65536, MostMagneticGiB = 3072;

    /// <summary>Every limit that holds, the tightest first.</summary>
    /// <param name="volume">As RDS describes it.</param>
    /// <param name="policy">The tag's.</param>
    /// <param name="history">Our growths.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<SizeLimit> Of(Volume volume, StoragePolicy policy, IReadOnlyList<ActionRecord> history, DateTimeOffset now)
    {
        var limits = new List<SizeLimit> { OfType(volume), OfBudget(volume, history, now) };
        if (policy.MaxGiB is { } max) limits.Add(new(max, Reasons.AtCap, Inv($"max={max} of the tag")));
        if (volume.AutoscalingCapGiB is { } cap) limits.Add(new(cap, Reasons.AtCap, Inv($"MaxAllocatedStorage of {cap} GiB")));
        if (volume.Ranges.Count > 0)
            limits.Add(new(volume.Ranges.Max(range => range.To), Reasons.TypeLimit, Inv($"RDS takes at most {volume.Ranges.Max(range => range.To)} GiB of {volume.Type} for it")));
        if (volume.AllocatedGiB < CopiesFromGiB && !policy.MayCopy)
            limits.Add(new(CopiesFromGiB - 1, Reasons.NeedsCopy, Inv($"from {CopiesFromGiB} GiB on RDS copies the whole volume, for hours and with heavy load, and the tag does not say past-400=yes")));
        // RDS user guide, "Provisioned IOPS storage": at least one IOPS for every two GiB.
        if (volume is { Type: "io1" or "io2", Iops: { } iops })
            limits.Add(new(iops * 2, Reasons.IopsRatio, Inv($"{iops} provisioned IOPS carry at most {iops * 2} GiB")));
        return [.. limits.OrderBy(limit => limit.GiB).ThenBy(limit => limit.Reason, StringComparer.Ordinal)];
    }

    private static SizeLimit OfType(Volume volume)
    {
        var most = volume.Type == "standard" ? MostMagneticGiB : MostGiB;
        return new(most, Reasons.TypeLimit, Inv($"{volume.Type} storage ends at {most} GiB"));
    }

    /// <summary>Half of what there was 30 days ago, as far as we have grown it since.</summary>
    private static SizeLimit OfBudget(Volume volume, IReadOnlyList<ActionRecord> history, DateTimeOffset now)
    {
        var first = history.Where(record => record.Result != ActionResult.Vanished && record.At > now - GrowthWindow)
            .OrderBy(record => record.At).Select(record => GrowthImage.Read(record.Before)?.AllocatedGiB).FirstOrDefault(size => size is > 0);
        var before = Math.Min(first ?? volume.AllocatedGiB, volume.AllocatedGiB);
        var most = (int)Math.Floor(before * MostGrowth);
        return new(most, Reasons.GrowthBudget, Inv($"{most} GiB is half more than the {before} GiB {(first is null ? "it has" : "before the first growth of 30 days")}, and more is never added in 30 days"));
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
