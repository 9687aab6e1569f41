namespace Automation.Storage.Forecast;

/// <summary>What CloudWatch knows of storage.</summary>
internal interface IStorageMetrics
{
    /// <summary>
    /// Averages. The least of an hour would be the level of its highest peak, which is no base for a rate; an hour's average is,
    /// and the peaks of a last day still stand out. Of a minute RDS has one value, so that all statistics are the same.
    /// </summary>
    /// <param name="series">Of any number of databases.</param>
    /// <param name="window">The same for all.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    /// <returns>Each of the series that was asked for, also those without points.</returns>
    Task<IReadOnlyDictionary<MetricSeries, MetricPoints>> ReadAsync(IEnumerable<MetricSeries> series, MetricWindow window, CancellationToken cancellation);
}
