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

    public double SizeBytes => Volume.AllocatedGiB * (double)(1L << 30);

    /// <summary><c>null</c> when there is no recent value.</summary>
    public double? UsedBytes => Outlook.FreeBytes is { } free ? Math.Max(0, SizeBytes - free) : Volume.IsFull ? SizeBytes : null;
}
