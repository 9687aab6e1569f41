using Automation.Ledger;

namespace Automation.Storage;

/// <summary>Everything that <see cref="StorageRules"/> decides by.</summary>
internal sealed record GrowthFacts
{
    public required Volume Volume { get; init; }

    public required Outlook Outlook { get; init; }

    public required Diagnosis Diagnosis { get; init; }

    /// <summary>Our growths of the last 30 days, oldest first.</summary>
    public required IReadOnlyList<ActionRecord> History { get; init; }

    /// <summary>When RDS last began or ended a change of the size, whoever asked for it; <c>null</c> when it tells of none.</summary>
    public DateTimeOffset? LastResize { get; init; }

    /// <summary>Of an instance, before its database was asked anything.</summary>
    /// <param name="volume">As RDS describes it.</param>
    /// <param name="policy">Has the cap where RDS has none.</param>
    /// <param name="past">Of its name.</param>
    /// <param name="records">Our growths of the last 30 days, oldest first.</param>
    /// <param name="now">The present.</param>
    public static GrowthFacts Measured(Volume volume, StoragePolicy policy, VolumeHistory past, IReadOnlyList<ActionRecord> records, DateTimeOffset now)
    {
        var own = past.Since(volume.Database.CreatedAt);
        return new GrowthFacts
        {
            Volume = volume,
            Outlook = OutlookRules.Of(volume, own, records, volume.AutoscalingCapGiB ?? policy.MaxGiB, now),
            Diagnosis = Diagnoses.None,
            History = records,
            LastResize = OutlookRules.LastResize(own.Resizes),
        };
    }

    public double SizeBytes => Volume.AllocatedGiB * (double)(1L << 30);

    /// <summary><c>null</c> when there is no recent value.</summary>
    public double? UsedBytes => Outlook.FreeBytes is { } free ? Math.Max(0, SizeBytes - free) : Volume.IsFull ? SizeBytes : null;
}
