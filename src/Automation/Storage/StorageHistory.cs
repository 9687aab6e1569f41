using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>What CloudWatch and RDS know of storage over time, of many databases at once in as few calls as possible.</summary>
internal sealed class StorageHistory(IStorageMetrics metrics, IStorageEvents events)
{
    /// <param name="series">What to read.</param>
    /// <param name="instance">The only one that resizes are asked for; <c>null</c> for those of all.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellation">The run's deadline.</param>
    /// <returns>In the order that was asked for.</returns>
    public async Task<IReadOnlyList<VolumeHistory>> ReadAsync(IReadOnlyList<MetricSeries> series, string? instance, DateTimeOffset now, CancellationToken cancellation)
    {
        // Aurora's volume is told once in some minutes, and the fast guard is for what can be grown.
        var hours = await metrics.ReadAsync(series.Where(one => one.Metric != StorageMetric.FreeLocalStorage), MetricWindow.OfForecast(now), cancellation);
        var minutes = await metrics.ReadAsync(series.Where(one => one.Metric != StorageMetric.VolumeBytesUsed), MetricWindow.OfFastGuard(now), cancellation);
        var resizes = series.Any(one => one.Metric == StorageMetric.FreeStorageSpace)
            ? await events.ResizesAsync(instance, cancellation)
            : new Dictionary<string, IReadOnlyList<Resize>>();
        return [.. series.Select(one => new VolumeHistory(
            hours.GetValueOrDefault(one)?.Readings ?? [],
            minutes.GetValueOrDefault(one)?.Readings ?? [],
            one.Metric == StorageMetric.FreeStorageSpace && resizes.TryGetValue(one.Database, out var changes) ? changes : [],
            [.. new[] { hours.GetValueOrDefault(one)?.Fault, minutes.GetValueOrDefault(one)?.Fault }.OfType<string>().Distinct(StringComparer.Ordinal)]))];
    }
}
