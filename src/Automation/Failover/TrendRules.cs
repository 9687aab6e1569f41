namespace Automation.Failover;

/// <summary>Compares a test with the earlier ones. Pure.</summary>
internal static class TrendRules
{
    /// <summary>Of so many earlier tests a median says something.</summary>
    public const int FewestEarlier = 3;

    /// <summary>Half as much again as usual.</summary>
    public const double Worse = 1.5;

    /// <param name="earlier">Write downtimes of earlier tests.</param>
    /// <param name="present">That of this one.</param>
    /// <param name="resolution">Differences up to twice this are none.</param>
    public static Trend Of(IReadOnlyList<TimeSpan> earlier, TimeSpan present, TimeSpan resolution)
    {
        var all = earlier.Append(present).Order().ToList();
        var usual = earlier.Count == 0 ? present : Median([.. earlier.Order()]);
        return new Trend(all.Count, all[0], Median(all), all[^1],
            earlier.Count >= FewestEarlier && present > usual * Worse && present - usual > 2 * resolution);
    }

    private static TimeSpan Median(List<TimeSpan> ordered) => ordered[ordered.Count / 2];
}
