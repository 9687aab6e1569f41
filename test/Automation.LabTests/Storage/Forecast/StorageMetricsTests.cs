using Amazon.CloudWatch.Model;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Wire;
using Automation.Storage.Forecast;

namespace Automation.LabTests.Storage.Forecast;

/// <summary>The reader over the wire. moto keeps what it is given, of whatever age, and averages it by the period.</summary>
public sealed class StorageMetricsTests(MotoFixture moto)
{
    private const double GiB = 1L << 30;

    // A day whose points CloudWatch still has by the minute, at a quarter past, so that both ends have to be cut.
    private static readonly DateTimeOffset Now = new(DateTime.UtcNow.Date.AddDays(-1).AddHours(12).AddMinutes(15), TimeSpan.Zero);

    private readonly CloudWatchStorageMetrics metrics = new(moto.Clients.CloudWatch);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_FifteenDaysByTheHour_AreTheAveragesAndForecastAsTheyGrow()
    {
        var database = new MetricSeries(StorageMetric.FreeStorageSpace, Given.Name("database"));
        var window = MetricWindow.OfForecast(Now);
        // Two values of every hour, and one at the very end, which is excluded.
        await PutAsync(database, Enumerable.Range(0, 360).SelectMany(hour => (Reading[])
            [new(window.Start.AddHours(hour), (300 - (hour * 0.25)) * GiB), new(window.Start.AddHours(hour).AddMinutes(59), (302 - (hour * 0.25)) * GiB)])
            .Append(new Reading(window.End, 1)));

        var points = (await metrics.ReadAsync([database], window, cancellation))[database];

        Assert.Null(points.Fault);
        Assert.Equal(360, points.Readings.Count);
        Assert.Equal(new Reading(window.Start, 301 * GiB), points.Readings.MinBy(reading => reading.At));
        var used = UsedSeries.OfVolume(points.Readings, window.Period, 400, []);
        var growing = Assert.IsType<StorageForecast.Growing>(ForecastRules.Of(used, null, 400 * GiB, window.End));
        Assert.Empty(growing.Doubts);
        Assert.Equal((301 - 90) / 6.0, growing.DaysToFull.Likely, 0.01);
    }

    [Fact]
    public async Task Read_SeveralMetricsByTheMinute_ComeFromOneRequestEachAsItsOwn()
    {
        var name = Given.Name("database");
        var (free, local, volume, none) = (new MetricSeries(StorageMetric.FreeStorageSpace, name), new MetricSeries(StorageMetric.FreeLocalStorage, name),
            new MetricSeries(StorageMetric.VolumeBytesUsed, name), new MetricSeries(StorageMetric.FreeStorageSpace, Given.Name("database")));
        var window = MetricWindow.OfFastGuard(Now);
        await PutAsync(free, [new(window.Start, 1), new(window.End.AddMinutes(-1), 2), new(window.Start.AddMinutes(-1), 9)]);
        await PutAsync(local, [new(window.Start.AddMinutes(7), 3)]);
        await PutAsync(volume, [new(window.Start.AddMinutes(8), 4)]);

        var points = await metrics.ReadAsync([free, local, volume, none, free], window, cancellation);

        Assert.Equal(4, points.Count);
        Assert.Equal([new(window.Start, 1), new(window.End.AddMinutes(-1), 2)], points[free].Readings.OrderBy(reading => reading.At));
        Assert.Equal([new Reading(window.Start.AddMinutes(7), 3)], points[local].Readings);
        Assert.Equal([new Reading(window.Start.AddMinutes(8), 4)], points[volume].Readings);
        Assert.Empty(points[none].Readings);
        Assert.All(points.Values, one => Assert.Null(one.Fault));
    }

    [Fact]
    public async Task Read_NothingAsked_AsksNothing() => Assert.Empty(await metrics.ReadAsync([], MetricWindow.OfForecast(Now), cancellation));

    private async Task PutAsync(MetricSeries series, IEnumerable<Reading> readings)
    {
        await moto.Clients.CloudWatch.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "AWS/RDS",
            MetricData =
            [
                .. readings.Select(reading => new MetricDatum
                {
                    MetricName = series.Metric.ToString(),
                    Dimensions = [new Dimension { Name = series.Dimension, Value = series.Database }],
                    Timestamp = reading.At.UtcDateTime,
                    Value = reading.Bytes,
                }),
            ],
        }, cancellation);
    }
}
