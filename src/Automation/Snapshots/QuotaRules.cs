namespace Automation.Snapshots;

/// <summary>Foresees the day on which the quota of manual snapshots refuses one, with the rule that retention itself decides by.</summary>
internal static class QuotaRules
{
    /// <summary>A year and some: by then every monthly tier of a year is full.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    /// <summary>
    /// The most good snapshots of one database that a policy leaves, and the one just taken. The newest one stands in every tier;
    /// the hourly tier and the minimum both keep the newest, because no two slots share an hour.
    /// </summary>
    public static int Bound(RetentionPolicy policy) =>
        Math.Max(Math.Max(policy.Min, 1), policy.Hourly)
        + Older(policy.Daily) + Older(policy.Weekly) + Older(policy.Monthly) + Older(policy.Yearly) + 1;

    /// <summary>
    /// Left out: databases and policies to come; other people's snapshots, held, shared and failed ones, which stay as many as
    /// they are now; refused or missed slots and the cap on deletions of one run. What retention would delete now is taken as
    /// deleted. All databases due at the same hour take theirs before anything is deleted.
    /// </summary>
    /// <param name="used">Manual snapshots there are now, everybody's.</param>
    /// <param name="max">How many there may be.</param>
    /// <param name="series">One for each database that shares the quota.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentOutOfRangeException">A series has less than an hour between its slots.</exception>
    public static QuotaForecast Forecast(int used, int max, IReadOnlyList<SnapshotSeries> series, DateTimeOffset now)
    {
        foreach (var one in series) ArgumentOutOfRangeException.ThrowIfLessThan(one.Every, TimeSpan.FromHours(1));
        var others = Math.Max(used - series.Sum(one => one.Slots.Count), 0);
        var bound = others + series.Sum(one => Bound(one.Policy));
        return new QuotaForecast(bound <= max ? null : FullOn(max - others, series, now), bound);
    }

    private static DateOnly? FullOn(int room, IReadOnlyList<SnapshotSeries> series, DateTimeOffset now)
    {
        var simulated = series.Select(one => new SimulatedSeries(one)).ToList();
        // Slots are whole hours.
        for (var time = now; time <= now + Horizon; time += TimeSpan.FromHours(1))
        {
            foreach (var one in simulated) one.TakeWhatIsDue(time);
            if (simulated.Sum(one => one.Count) > room) return DateOnly.FromDateTime(time.UtcDateTime);
            foreach (var one in simulated) one.Retain();
        }
        return null;
    }

    private static int Older(int count) => Math.Max(count - 1, 0);
}
