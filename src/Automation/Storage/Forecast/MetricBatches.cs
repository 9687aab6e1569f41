namespace Automation.Storage.Forecast;

/// <summary>As few GetMetricData requests as there can be. Pure.</summary>
internal static class MetricBatches
{
    /// <summary>Queries of one request.</summary>
    public const int MostQueries = 500;

    /// <summary>Points of one answer; more come on further pages, each of which is a request.</summary>
    public const int MostPoints = 100_800;

    /// <param name="series">All.</param>
    /// <param name="points">Of each; more than zero.</param>
    public static IEnumerable<T[]> Of<T>(IEnumerable<T> series, int points) =>
        series.Chunk(Math.Clamp(MostPoints / points, 1, MostQueries));
}
