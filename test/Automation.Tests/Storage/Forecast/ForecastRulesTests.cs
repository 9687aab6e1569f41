using Automation.Storage.Forecast;
using static Automation.Tests.Storage.Forecast.History;

namespace Automation.Tests.Storage.Forecast;

public sealed class ForecastRulesTests
{
    private const int FifteenDays = 15 * 24;

    [Fact]
    public void Of_SteadyGrowth_IsCertain()
    {
        var growing = Growing(Used(FifteenDays, back => 200 - (back * 0.25)), 400);

        Assert.Empty(growing.Doubts);
        AssertDays(33.33, 33.33, 33.33, growing.DaysToFull);
        AssertDays(50, 50, 50, growing.DaysTo(500 * GiB));
        Assert.Null(growing.Fast);
    }

    [Fact]
    public void Of_SpikeInTheLastTwoHours_IsADoubtAndBothEndsOfTheRangeCoverIt()
    {
        var growing = Growing(Used(FifteenDays, back => 200 - (back * 0.25) + (back < 2 ? 60 : 0)), 400);

        Assert.Equal("It uses 60 GiB more right now than is typical of the last day.", Assert.Single(growing.Doubts));
        AssertDays(23.33, 33.33, 33.33, growing.DaysToFull);
    }

    [Fact]
    public void Of_NightlyPeak_BringsTheSoonestDateForward()
    {
        var growing = Growing(Used(FifteenDays, back => 200 - (back * 0.25) + (back % 24 is 8 or 9 ? 60 : 0)), 400);

        Assert.Equal("At its highest of the last day it used 58 GiB more than is typical.", Assert.Single(growing.Doubts));
        AssertDays(23.67, 33.33, 33.33, growing.DaysToFull);
    }

    [Fact]
    public void Of_WeeklyBatch_CountsWithTheWeek()
    {
        var growing = Growing(Used(FifteenDays, back => 200 - (35 * Math.Ceiling((back - 60) / 168.0))), 400);

        Assert.Empty(growing.Doubts);
        Assert.InRange(growing.DaysToFull.Likely, 37, 43);
    }

    [Fact]
    public void Of_WeeklyBatchOfOneWeek_IsADoubt()
    {
        var growing = Growing(Used(7 * 24, back => back < 60 ? 235 : 200), 400);

        Assert.Equal("On most days it grew by 0 GiB a day, over all by 5.25 GiB a day; a second week is needed to know what happens every week.", Assert.Single(growing.Doubts));
        AssertDays(31.43, DaysToFull.Furthest, DaysToFull.Furthest, growing.DaysToFull);
    }

    [Fact]
    public void Of_OneLoad_CountsOnce()
    {
        var growing = Growing(Used(FifteenDays, back => 200 - (back * 0.25) - (back > 80 ? 100 : 0)), 400);

        Assert.Empty(growing.Doubts);
        AssertDays(33.33, 33.33, 33.33, growing.DaysToFull);
    }

    [Fact]
    public void Of_GrowthThatDoubledFiveDaysAgo_CountsTheFasterAndDoubts()
    {
        var growing = Growing(Used(FifteenDays, back => 300 - (back * 0.25) - (Math.Min(back, 120) * 0.25)), 400);

        Assert.Equal("In the last three days it grew by 12 GiB a day, before by 6 GiB a day.", growing.Doubts[0]);
        AssertDays(8.33, 8.57, 17.15, growing.DaysToFull);
    }

    [Fact]
    public void Of_GrowthThatStoppedFiveDaysAgo_IsNoSurerThanBefore()
    {
        var growing = Growing(Used(FifteenDays, back => 300 - (Math.Max(back, 120) * 0.25)), 400);

        Assert.Equal("In the last three days it grew by 0 GiB a day, before by 6 GiB a day.", growing.Doubts[0]);
        Assert.Equal(DaysToFull.Furthest, growing.DaysToFull.High);
        Assert.True(growing.DaysToFull.Likely < 30);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.1)]
    public void Of_FlatOrShrinking_IsNotGrowing(double aDay) =>
        Assert.Empty(Assert.IsType<StorageForecast.NotGrowing>(Of(Used(FifteenDays, back => 200 - (back * aDay / 24)), 400)).Doubts);

    [Fact]
    public void Of_FullAlready_IsNoDays() => AssertDays(0, 0, 0, Growing(Used(FifteenDays, back => 400 - (back * 0.25)), 399).DaysToFull);

    [Fact]
    public void Of_MissingDays_StillAnswersAndSaysSo()
    {
        var all = Used(FifteenDays, back => 200 - (back * 0.25));
        var missing = all with { Readings = [.. all.Readings.Where(reading => (Now - reading.At).TotalHours is < 30 or > 90)] };

        var growing = Growing(missing, 400);

        Assert.Equal("61 of 360 hourly readings are missing.", Assert.Single(growing.Doubts));
        Assert.Equal(33.33, growing.DaysToFull.Likely, 0.01);
    }

    [Fact]
    public void Of_OldReadings_CountFromNowAndSaySo()
    {
        var growing = Assert.IsType<StorageForecast.Growing>(ForecastRules.Of(Used(FifteenDays, back => 200 - (back * 0.25)), null, 400 * GiB, Now.AddHours(8)));

        Assert.Equal("The last reading is 8 hours old.", Assert.Single(growing.Doubts));
        Assert.Equal(33, growing.DaysToFull.Likely, 0.01);
    }

    [Fact]
    public void Of_TwoDays_IsADoubt() => Assert.Equal(
        "The readings are of 47 hours only; a week is needed to see one, two to know what happens every week.",
        Assert.Single(Growing(Used(48, back => 200 - (back * 0.25)), 400).Doubts));

    [Theory]
    [InlineData(0, 0, "There is no reading; a forecast needs those of two days.")]
    [InlineData(1, 0, "There are 1 hourly readings over 0 hours; a forecast needs those of two days, a third of each at least.")]
    [InlineData(30, 0, "There are 30 hourly readings over 29 hours; a forecast needs those of two days, a third of each at least.")]
    [InlineData(100, 30, "The last hourly reading is 30 hours old; a forecast needs one of the last 24 hours.")]
    public void Of_TooLittle_SaysHowMuchThereIsAndIsNeeded(int hours, int old, string why) => Assert.Equal(
        why, Assert.IsType<StorageForecast.Unknown>(ForecastRules.Of(Used(hours, back => 200 - (back * 0.25)), null, 400 * GiB, Now.AddHours(old))).Why);

    [Fact]
    public void Of_FastHourAndLittleFree_BringsTheSoonestDateForward()
    {
        var growing = Growing(Used(FifteenDays, back => 350 - (back * 0.05)), 400, Minutes(180, back => 350 - (back / 6.0)));

        Assert.Equal("In the last hour it grew by 10 GiB, steadily: at that rate it is full in 5 hours.", Assert.Single(growing.Doubts));
        Assert.Equal(5 / 24.0, growing.DaysToFull.Low, 3);
        Assert.Equal(41.67, growing.DaysToFull.Likely, 0.01);
        Assert.Equal(125, growing.DaysTo(500 * GiB).Low, 0.1);
    }

    [Fact]
    public void Of_FastHourOfAFlatDatabase_IsGrowing() => Assert.Equal(
        5 / 24.0, Growing(Used(FifteenDays, _ => 350), 400, Minutes(180, back => 350 - (back / 6.0))).DaysToFull.Low, 3);

    [Fact]
    public void Of_FastHourOfANewDatabase_IsGrowingAndSaysWhatIsMissing()
    {
        var growing = Growing(Used(5, _ => 350), 400, Minutes(180, back => 350 - (back / 6.0)));

        Assert.Equal(2, growing.Doubts.Count);
        AssertDays(5 / 24.0, DaysToFull.Furthest, DaysToFull.Furthest, growing.DaysToFull);
    }

    [Fact]
    public void Of_FastHourAndMuchFree_IsNotGrowing() =>
        Assert.IsType<StorageForecast.NotGrowing>(Of(Used(FifteenDays, _ => 300), 400, Minutes(180, back => 300 - (back / 6.0))));

    [Fact]
    public void Of_NoMinutes_IsSaid() => Assert.Equal(
        "There are no readings by the minute, so nobody sees whether it fills fast right now.",
        Assert.Single(Assert.IsType<StorageForecast.NotGrowing>(Of(Used(FifteenDays, _ => 300), 400, UsedSeries.OfCluster([]))).Doubts));

    private static StorageForecast Of(UsedSeries hours, double capacityGiB, UsedSeries? minutes = null) => ForecastRules.Of(hours, minutes, capacityGiB * GiB, Now);

    private static StorageForecast.Growing Growing(UsedSeries hours, double capacityGiB, UsedSeries? minutes = null) =>
        Assert.IsType<StorageForecast.Growing>(Of(hours, capacityGiB, minutes));

    private static void AssertDays(double low, double likely, double high, DaysToFull days)
    {
        Assert.Equal(low, days.Low, 0.05);
        Assert.Equal(likely, days.Likely, 0.05);
        Assert.Equal(high, days.High, 0.05);
    }
}
