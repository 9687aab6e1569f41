using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>Retention told a second time, as one would on paper: slow, and independent of the planner.</summary>
internal static class Tiers
{
    /// <summary>The tier that keeps a slot, or <c>null</c>.</summary>
    public static string? WhyKept(RetentionPolicy policy, IReadOnlyList<DateTimeOffset> newestFirst, DateTimeOffset slot)
    {
        if (newestFirst.Take(policy.Min).Contains(slot)) return "min";
        (string Name, int Count, Func<DateTimeOffset, string> Period)[] tiers =
        [
            ("hourly", policy.Hourly, at => at.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)),
            ("daily", policy.Daily, at => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("weekly", policy.Weekly, at => $"{ISOWeek.GetYear(at.DateTime)}-{ISOWeek.GetWeekOfYear(at.DateTime)}"),
            ("monthly", policy.Monthly, at => at.ToString("yyyy-MM", CultureInfo.InvariantCulture)),
            ("yearly", policy.Yearly, at => at.ToString("yyyy", CultureInfo.InvariantCulture)),
        ];
        foreach (var (name, count, period) in tiers)
            if (newestFirst.GroupBy(period).Take(count).Any(group => group.First() == slot)) return name;
        return null;
    }
}
