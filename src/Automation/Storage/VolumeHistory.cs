using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>One series, and when the size behind it changed.</summary>
/// <param name="Hours">By the hour, over <see cref="ForecastRules.History"/>.</param>
/// <param name="Minutes">By the minute, over the last hours.</param>
/// <param name="Resizes">Of an instance, as RDS's events tell.</param>
/// <param name="Faults">Why readings may be missing, in sentences.</param>
internal sealed record VolumeHistory(IReadOnlyList<Reading> Hours, IReadOnlyList<Reading> Minutes, IReadOnlyList<Resize> Resizes, IReadOnlyList<string> Faults)
{
    /// <summary>
    /// Without what is older than the database: CloudWatch and RDS's events go by the name, and it may be that of one that was
    /// dropped, and made anew of a snapshot.
    /// </summary>
    /// <param name="created"><see cref="Fleet.RdsDatabase.CreatedAt"/>.</param>
    public VolumeHistory Since(DateTimeOffset? created) => created is not { } begin ? this : this with
    {
        Hours = [.. Hours.Where(reading => reading.At >= begin)],
        Minutes = [.. Minutes.Where(reading => reading.At >= begin)],
        Resizes = [.. Resizes.Where(resize => (resize.To ?? resize.From) >= begin)],
    };
}
