using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Aws;
using Automation.Lab.Screen;
using Automation.Storage.Forecast;

namespace Automation.Benchmarks.Storage;

/// <summary>The forecast of many databases: their metrics over the wire, used space with one resize each, days to full.</summary>
internal static class FleetBenchmark
{
    private const int Rounds = 7, AllocatedGiB = 400;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 10, 0, TimeSpan.Zero);

    public static Task<FleetComparison> RunAsync(IStory story, CancellationToken cancellation) => story.StepAsync(
        "forecasts for 250, 500 and 1,000 databases in turns", () => MeasureAsync(cancellation), _ => $"{Rounds} rounds");

    private static async Task<FleetComparison> MeasureAsync(CancellationToken cancellation)
    {
        await using var server = await MetricServer.StartAsync(cancellation);
        using var clients = new LabClients(server.Uri, LabClients.Anybody, "eu-central-1");
        var metrics = new CloudWatchStorageMetrics(clients.CloudWatch);
        int[] sizes = [250, 500, 1_000];

        // The first rounds are the JIT's.
        FleetComparison figures = null!;
        foreach (var rounds in (int[])[2, Rounds])
        {
            figures = new FleetComparison([.. sizes.Select(size => new FleetFigures(size))]);
            for (var i = 0; i < rounds; i++)
                foreach (var size in figures.Sizes) await ForecastAsync(size, metrics, server, cancellation);
        }
        return figures;
    }

    private static async Task ForecastAsync(FleetFigures figures, CloudWatchStorageMetrics metrics, MetricServer server, CancellationToken cancellation)
    {
        var (requests, start) = (server.Requests, Stopwatch.GetTimestamp());
        var window = MetricWindow.OfForecast(Now);
        var fleet = Enumerable.Range(0, figures.Databases).Select(number => new MetricSeries(StorageMetric.FreeStorageSpace, string.Create(CultureInfo.InvariantCulture, $"database-{number}")));
        var points = await metrics.ReadAsync(fleet, window, cancellation);
        figures.Reading.Add(Stopwatch.GetElapsedTime(start));

        var read = Stopwatch.GetTimestamp();
        var resize = new Resize(Now.AddDays(-20), Now.AddDays(-20).AddMinutes(5));
        var growing = points.Values.Count(one => ForecastRules.Of(
            UsedSeries.OfVolume(one.Readings, window.Period, AllocatedGiB, [resize]), minutes: null, AllocatedGiB * (double)(1L << 30), Now) is StorageForecast.Growing);
        figures.Forecasting.Add(Stopwatch.GetElapsedTime(read));
        figures.All.Add(Stopwatch.GetElapsedTime(start));
        figures.Requests = server.Requests - requests;
        if (growing != figures.Databases || points.Values.Any(one => one.Readings.Count != window.Points || one.Fault is not null))
            throw new InvalidOperationException("Not every database was read and seen to grow.");
    }
}
