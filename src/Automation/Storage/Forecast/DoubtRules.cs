namespace Automation.Storage.Forecast;

/// <summary>What a reader must know before believing a date. Pure.</summary>
internal static class DoubtRules
{
    // The forecast promises a quarter; a fifth leaves room for the rest.
    private const double Share = 0.2;

    private const double LevelShare = 0.1;

    // Beyond a year no date matters, and flat databases are noise.
    private const double Matters = 365;

    public static List<string> OfRate(GrowthRates rates, StorageForecast.Growing growing)
    {
        var doubts = new List<string>();
        if (growing.DaysToFull.Low > Matters) return doubts;
        var steady = rates.Steady;
        if (Math.Abs(rates.Recent - steady) > rates.Spread && Differ(rates.Recent, steady))
            doubts.Add($"In the last three days it grew by {Sizes.ADay(rates.Recent)}, before by {Sizes.ADay(steady)}.");
        if (rates.LastWeek is { } last)
        {
            if (rates.WeekBefore is null && Differ(last, steady))
                doubts.Add($"On most days it grew by {Sizes.ADay(steady)}, over all by {Sizes.ADay(last)}; a second week is needed to know what happens every week.");
            if (rates.WeekBefore is { } before && new[] { rates.Ordinary, last, before }.Count(rate => Differ(rate, steady)) == 2)
                doubts.Add($"It grew by {Sizes.ADay(rates.Ordinary)} on most days, by {Sizes.ADay(last)} over the last week and by {Sizes.ADay(before)} over the week before.");
        }
        if (rates.Spread > Share * Math.Abs(steady))
            doubts.Add($"Days differ from those a week before: the rate of {Sizes.ADay(growing.Slow.Likely)} may be off by {Sizes.ADay(rates.Spread)}.");
        return doubts;
    }

    public static List<string> OfLevel(StorageForecast.Growing growing)
    {
        var room = growing.Capacity - growing.Used.Likely;
        var now = growing.LastUsed - growing.Used.Likely;
        if (Math.Abs(now) > LevelShare * room)
            return [$"It uses {Sizes.Of(Math.Abs(now))} {(now > 0 ? "more" : "less")} right now than is typical of the last day."];
        var peak = growing.Used.High - growing.Used.Likely;
        return peak > Share * room ? [$"At its highest of the last day it used {Sizes.Of(peak)} more than is typical."] : [];
    }

    private static bool Differ(double rate, double from) => Math.Abs(rate - from) > Share * Math.Abs(from);
}
