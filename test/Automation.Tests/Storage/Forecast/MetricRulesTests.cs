using Automation.Storage.Forecast;

namespace Automation.Tests.Storage.Forecast;

public sealed class MetricRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 18, 12, 34, 56, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 360, "")]
    [InlineData(280, 360, "280")]
    [InlineData(281, 360, "280 1")]
    [InlineData(1000, 360, "280 280 280 160")]
    [InlineData(1000, 180, "500 500")]
    [InlineData(501, 1, "500 1")]
    [InlineData(3, 200_000, "1 1 1")]
    public void Batches_QueriesAndPoints_StayWithinBothLimits(int series, int points, string sizes) =>
        Assert.Equal(sizes, string.Join(' ', MetricBatches.Of(Enumerable.Range(0, series), points).Select(batch => batch.Length)));

    [Theory]
    [InlineData(0, 60)]
    [InlineData(14.99, 60)]
    [InlineData(15, 300)]
    [InlineData(62.99, 300)]
    [InlineData(63, 3600)]
    [InlineData(400, 3600)]
    public void KeptPeriod_Age_IsWhatCloudWatchKeeps(double days, int seconds) =>
        Assert.Equal(seconds, MetricWindow.KeptPeriod(TimeSpan.FromDays(days)).TotalSeconds);

    [Theory]
    [InlineData(3 / 24.0, 60, 60)]
    [InlineData(14, 60, 60)]
    [InlineData(15, 60, 300)]
    [InlineData(20, 60, 300)]
    [InlineData(20, 420, 600)]
    [InlineData(70, 300, 3600)]
    [InlineData(15, 3600, 3600)]
    public void Back_PeriodThatIsNotKept_BecomesTheNextThatIs(double days, int wanted, int period)
    {
        var window = MetricWindow.Back(Now, TimeSpan.FromDays(days), TimeSpan.FromSeconds(wanted));

        Assert.Equal(period, window.Period.TotalSeconds);
        Assert.True((window.Start.UtcTicks % window.Period.Ticks, window.End.UtcTicks % window.Period.Ticks) == (0, 0));
        Assert.True(window.End <= Now && Now - window.End < window.Period);
    }

    [Fact]
    public void OfForecast_Now_IsFifteenDaysByTheHour()
    {
        var window = MetricWindow.OfForecast(Now);

        Assert.Equal((new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 18, 12, 0, 0, TimeSpan.Zero)), (window.Start, window.End));
        Assert.Equal(360, window.Points);
    }

    [Fact]
    public void OfFastGuard_Now_IsThreeHoursByTheMinute()
    {
        var window = MetricWindow.OfFastGuard(Now);

        Assert.Equal(new DateTimeOffset(2026, 3, 18, 12, 34, 0, TimeSpan.Zero), window.End);
        Assert.Equal(180, window.Points);
    }

    [Theory]
    [InlineData(StorageMetric.FreeStorageSpace, "DBInstanceIdentifier")]
    [InlineData(StorageMetric.FreeLocalStorage, "DBInstanceIdentifier")]
    [InlineData(StorageMetric.VolumeBytesUsed, "DBClusterIdentifier")]
    public void Dimension_Metric_NamesTheInstanceOrTheCluster(object metric, string dimension) =>
        Assert.Equal(dimension, new MetricSeries((StorageMetric)metric, "orders").Dimension);
}
