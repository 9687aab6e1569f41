using System.Globalization;

namespace Automation.Lab.Account;

/// <summary>
/// RDS's windows, far from now: what happens in the lab must not depend on the hour at which somebody runs it.
/// </summary>
internal static class QuietWindows
{
    /// <summary>Half an hour, twelve hours away: <c>21:00-21:30</c>.</summary>
    public static string Backup(DateTimeOffset now) => Form(now.AddHours(12), "");

    /// <summary>Half an hour, three days and six hours away: <c>wed:09:00-wed:09:30</c>.</summary>
    public static string Maintenance(DateTimeOffset now)
    {
        var then = now.AddDays(3.25);
        return Form(then, then.UtcDateTime.ToString("ddd", CultureInfo.InvariantCulture).ToLowerInvariant() + ":");
    }

    private static string Form(DateTimeOffset then, string day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day}{then.UtcDateTime:HH}:00-{day}{then.UtcDateTime:HH}:30");
}
