using Automation.Storage.Forecast;

namespace Automation.Tests.Storage.Forecast;

/// <summary>Readings as a test wants them.</summary>
internal static class History
{
    public const double GiB = 1L << 30;

    public static readonly DateTimeOffset Now = new(2026, 3, 18, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Every hour up to now.</summary>
    /// <param name="hours">How many.</param>
    /// <param name="gib">The value so many hours before now.</param>
    public static List<Reading> Hours(int hours, Func<int, double> gib) =>
        [.. Enumerable.Range(0, hours).Select(back => new Reading(Now.AddHours(-back), gib(back) * GiB)).Reverse()];

    /// <summary>Every minute up to now.</summary>
    public static UsedSeries Minutes(int minutes, Func<int, double> gib) => UsedSeries.OfCluster(
        Enumerable.Range(0, minutes).Select(back => new Reading(Now.AddMinutes(-back), gib(back) * GiB)));

    public static UsedSeries Used(int hours, Func<int, double> gib) => UsedSeries.OfCluster(Hours(hours, gib));

    public static Resize ResizeAt(int hoursBack, int? before = null, int? after = null) =>
        new(Now.AddHours(-hoursBack).AddMinutes(20), Now.AddHours(-hoursBack).AddMinutes(24)) { BeforeGiB = before, AfterGiB = after };
}
