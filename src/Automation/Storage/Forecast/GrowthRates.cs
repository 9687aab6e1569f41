namespace Automation.Storage.Forecast;

/// <summary>The growth over days, in bytes an hour, as <see cref="ForecastRules"/> says it is counted.</summary>
internal sealed record GrowthRates
{
    // Between a weekend and a week; a load of a day and a half is no change yet.
    private const int RecentHours = 3 * DailyLevels.Day;

    // A day or two of readings may be missing where a week ends.
    private const int Missing = 36;

    // Less than three days say nothing about a week.
    private const int ShortestWeek = 3 * DailyLevels.Day;

    /// <summary>The median of all differences of 24 hours.</summary>
    public required double Ordinary { get; init; }

    /// <summary>Over the last week, or over what there is of it from three days on.</summary>
    public required double? LastWeek { get; init; }

    /// <summary>Over the week before.</summary>
    public required double? WeekBefore { get; init; }

    /// <summary>The median of the differences of 24 hours of the last three days.</summary>
    public required double LastDays { get; init; }

    /// <summary>By how much the last three days differ from the same days a week before.</summary>
    public required double Change { get; init; }

    /// <summary>By how much a week's rate may differ for no reason that is seen: as days differ from those a week before, that change apart.</summary>
    public required double Spread { get; init; }

    /// <summary>What happens in both weeks counts, what happened in one does not; of one week nobody knows, so it does not.</summary>
    public double Steady => LastWeek is { } last && WeekBefore is { } before ? Robust.Middle(Ordinary, last, before) : Ordinary;

    /// <summary>
    /// What the change leads to. Not beyond what the last days really grew by, as the steady rate may have the change in it
    /// already; and not all of that if the same days a week before were as fast.
    /// </summary>
    public double Recent => Robust.Middle(Steady, Steady + Change, LastDays);

    /// <summary>The range, and the likely rate in it: a faster growth of late counts, a slower one only widens the range.</summary>
    public Estimate Range
    {
        get
        {
            var (slower, faster) = (Math.Min(Steady, Recent), Math.Max(Steady, Recent));
            if (WeekBefore is null && LastWeek is { } only) (slower, faster) = (Math.Min(slower, only), Math.Max(faster, only));
            return new Estimate(slower - Spread, Math.Max(Steady, Recent - Spread), faster + Spread);
        }
    }

    /// <returns><c>null</c> when there is no difference of 24 hours.</returns>
    public static GrowthRates? Of(DailyLevels levels)
    {
        var growths = levels.Growths().ToList();
        if (growths.Count == 0) return null;
        var ordinary = Robust.Median(growths.Select(growth => growth.Rate));
        var deviations = growths
            .Where(growth => growth.Hour < levels.Newest + DailyLevels.Week)
            .Select(growth => (growth.Hour, Rate: growth.Rate - (levels.Growth(growth.Hour + DailyLevels.Week) ?? ordinary)))
            .ToList();
        var recent = deviations.Where(deviation => IsRecent(deviation.Hour)).Select(deviation => deviation.Rate).ToList();
        var earlier = deviations.Where(deviation => !IsRecent(deviation.Hour)).Select(deviation => deviation.Rate).ToList();
        var lastDays = growths.Where(growth => IsRecent(growth.Hour)).Select(growth => growth.Rate).ToList();
        var last = levels.Nearest(levels.Newest + DailyLevels.Week, Missing)
            ?? (levels.Oldest - levels.Newest >= ShortestWeek ? levels.Oldest : null);
        var before = last is { } week ? levels.Nearest(week + DailyLevels.Week, Missing) : null;
        return new GrowthRates
        {
            Ordinary = ordinary,
            LastWeek = last is { } start ? levels.Rate(levels.Newest, start) : null,
            WeekBefore = before is { } end ? levels.Rate(last!.Value, end) : null,
            LastDays = lastDays.Count == 0 ? ordinary : Robust.Median(lastDays),
            Change = recent.Count == 0 ? 0 : Robust.Median(recent),
            Spread = SpreadOf([.. AroundTheirMedian(recent), .. AroundTheirMedian(earlier)]),
        };

        bool IsRecent(int hour) => hour < levels.Newest + RecentHours;
    }

    /// <summary>Differences that share their 24 hours are one observation.</summary>
    private static double SpreadOf(List<double> deviations) =>
        deviations.Count == 0 ? 0 : Robust.InterquartileRange(deviations) / Math.Sqrt(Math.Max(1, (double)deviations.Count / DailyLevels.Day));

    private static IEnumerable<double> AroundTheirMedian(List<double> values)
    {
        if (values.Count == 0) return [];
        var median = Robust.Median(values);
        return values.Select(value => value - median);
    }
}
