using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>How full a volume is, and how long it lasts.</summary>
internal sealed record Outlook
{
    /// <summary>Of the size: sizes are not read at one moment.</summary>
    private const double Noise = 0.01;

    /// <summary><c>FreeStorageSpace</c>; <c>null</c> when there is no recent value.</summary>
    public required double? FreeBytes { get; init; }

    /// <summary>Bytes an hour over days; <c>null</c> when it does not grow, or nobody knows.</summary>
    public double? SlowRate { get; init; }

    /// <summary>Bytes an hour over the last hour, where it grows steadily and little is left; else <c>null</c>.</summary>
    public double? FastRate { get; init; }

    /// <summary><c>null</c> when it does not grow, or nobody knows.</summary>
    public DaysToFull? Days { get; init; }

    /// <summary>The same until the size that is never passed; <c>null</c> where there is none, too.</summary>
    public DaysToFull? DaysToCap { get; init; }

    /// <summary>Why there is no forecast; <c>null</c> when there is one.</summary>
    public string? Unknown { get; init; }

    /// <summary>What makes the forecast uncertain.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>
    /// CloudWatch is minutes behind, and RDS tells of a full disk at once: what PostgreSQL counts by now is used, whatever the last
    /// value says, and the days are those that are left of it.
    /// </summary>
    /// <param name="usedBytes">That PostgreSQL counts.</param>
    /// <param name="sizeBytes">Of the volume.</param>
    public Outlook AtLeast(double usedBytes, double sizeBytes)
    {
        if (FreeBytes is not { } free) return this;
        var behind = free - (sizeBytes - usedBytes);
        if (behind <= sizeBytes * Noise) return this;
        var left = Math.Max(0, sizeBytes - usedBytes);
        var days = Days is { } before ? new DaysToFull(before.Low * left / free, before.Likely * left / free, before.High * left / free) : (DaysToFull?)null;
        return this with
        {
            FreeBytes = left,
            Days = days,
            DaysToCap = DaysToCap is { } cap && Days is { } old && days is { } now
                ? new DaysToFull(Math.Max(0, cap.Low - (old.Low - now.Low)), Math.Max(0, cap.Likely - (old.Likely - now.Likely)), Math.Max(0, cap.High - (old.High - now.High)))
                : DaysToCap,
            Doubts = [.. Doubts, $"CloudWatch's last value is behind: PostgreSQL counts {Words.Bytes(behind)} more by now."],
        };
    }

    /// <param name="freeBytes">The last recent value.</param>
    /// <param name="forecast">Until the volume is full.</param>
    /// <param name="capBytes">The size that is never passed; <c>null</c> where there is none.</param>
    public static Outlook Of(double? freeBytes, StorageForecast forecast, double? capBytes) => forecast switch
    {
        StorageForecast.Growing growing => new Outlook
        {
            FreeBytes = freeBytes,
            SlowRate = growing.Slow.Likely > 0 ? growing.Slow.Likely : null,
            FastRate = growing.FastCounts(growing.Capacity) ? growing.Fast : null,
            Days = growing.DaysToFull,
            DaysToCap = capBytes is { } cap ? growing.DaysTo(cap) : null,
            Doubts = growing.Doubts,
        },
        StorageForecast.NotGrowing(var doubts) => new Outlook { FreeBytes = freeBytes, Doubts = doubts },
        StorageForecast.Unknown(var why) => new Outlook { FreeBytes = freeBytes, Unknown = why },
        _ => throw new ArgumentOutOfRangeException(nameof(forecast), forecast, null),
    };
}
