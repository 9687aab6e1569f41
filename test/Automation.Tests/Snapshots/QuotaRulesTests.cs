using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

public sealed class QuotaRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 10, 0, TimeSpan.Zero);

    private static readonly RetentionPolicy OfDays = new() { Hourly = 0, Daily = 5, Weekly = 0, Monthly = 0, Yearly = 0, Min = 1 };

    [Theory]
    [InlineData(8, 7, 4, 12, 3, 3, 31)]
    [InlineData(0, 0, 0, 0, 0, 1, 2)]
    [InlineData(0, 0, 0, 0, 0, 0, 2)]
    [InlineData(0, 7, 0, 0, 0, 3, 10)]
    [InlineData(2, 7, 0, 0, 0, 3, 10)]
    [InlineData(24, 0, 0, 1, 1, 3, 25)]
    public void Bound_Policy_IsTheMostItLeavesAndOne(int hourly, int daily, int weekly, int monthly, int yearly, int min, int expected) =>
        Assert.Equal(expected, QuotaRules.Bound(new RetentionPolicy
        {
            Hourly = hourly, Daily = daily, Weekly = weekly, Monthly = monthly, Yearly = yearly, Min = min,
        }));

    [Fact]
    public void Forecast_BoundsFit_IsNever() =>
        Assert.Equal(new QuotaForecast(null, 6 + 6 + 10), Forecast(used: 10, max: 22, Series(OfDays), Series(OfDays)));

    [Fact]
    public void Forecast_OneTooFew_IsTheDayTheLastTierFills() =>
        // The first of each is taken at once, for the slot of midnight; on the sixth day there are six until retention has run.
        Assert.Equal(new QuotaForecast(new DateOnly(2026, 11, 26), 22), Forecast(used: 10, max: 21, Series(OfDays), Series(OfDays)));

    [Fact]
    public void Forecast_NoRoomNow_IsTheDayOfTheNextSlot()
    {
        var taken = Series(OfDays) with { Slots = [new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)] };

        Assert.Equal(new DateOnly(2026, 11, 22), Forecast(used: 20, max: 20, taken).FullOn);
        Assert.Equal(new DateOnly(2026, 11, 21), Forecast(used: 20, max: 20, Series(OfDays)).FullOn);
    }

    [Fact]
    public void Forecast_WhatRetentionWouldDelete_MakesRoom()
    {
        var lowered = Series(OfDays with { Daily = 1 }) with
        {
            Slots = [.. Enumerable.Range(0, 20).Select(day => new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).AddDays(-day))],
        };

        Assert.Null(Forecast(used: 20, max: 20, lowered).FullOn);
        Assert.Null(Forecast(used: 20, max: 2, lowered).FullOn);
        Assert.Equal(new DateOnly(2026, 11, 22), Forecast(used: 20, max: 1, lowered).FullOn);
    }

    [Fact]
    public void Forecast_MoreThanTheHorizonAway_IsNever()
    {
        var ofYears = Series(OfDays with { Daily = 0, Yearly = 10 });

        // The last of 2026, and two of the new year until retention has run.
        Assert.Equal(new DateOnly(2027, 1, 2), Forecast(used: 0, max: 2, ofYears).FullOn);
        // 2028 begins 406 days from now.
        Assert.Null(Forecast(used: 0, max: 3, ofYears).FullOn);
    }

    [Fact]
    public void Forecast_LessThanAnHourBetweenSlots_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Forecast(0, 100, Series(OfDays) with { Every = TimeSpan.FromMinutes(59) }));

    private static SnapshotSeries Series(RetentionPolicy policy) => new() { Slots = [], Every = TimeSpan.FromDays(1), Policy = policy };

    private static QuotaForecast Forecast(int used, int max, params SnapshotSeries[] series) => QuotaRules.Forecast(used, max, series, Now);
}
