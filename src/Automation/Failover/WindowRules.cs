using System.Globalization;
using System.Text.RegularExpressions;

namespace Automation.Failover;

/// <summary>RDS's daily and weekly windows.</summary>
internal static partial class WindowRules
{
    private const int MinutesOfDay = 24 * 60, MinutesOfWeek = 7 * MinutesOfDay;
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Whether any of the time from now on lies in the window; <c>null</c> when the window cannot be read.</summary>
    /// <param name="window"><c>03:05-03:35</c> or <c>sun:23:45-mon:00:15</c>, UTC.</param>
    /// <param name="now">UTC.</param>
    /// <param name="length">How long from now.</param>
    public static bool? Meets(string window, DateTimeOffset now, TimeSpan length)
    {
        if (Form().Match(window) is not { Success: true } match) return null;
        var weekly = match.Groups["fromDay"].Success;
        if (weekly != match.Groups["toDay"].Success) return null;
        var period = weekly ? MinutesOfWeek : MinutesOfDay;
        var (from, to) = (Minute(match, "from"), Minute(match, "to"));
        var present = now.UtcDateTime.TimeOfDay.TotalMinutes + (weekly ? (int)now.UtcDateTime.DayOfWeek * MinutesOfDay : 0);
        // Both may run over the end of the day or week: distances are counted forward, around it.
        var untilBegin = Around(from - present, period);
        var sinceBegin = Around(present - from, period);
        return sinceBegin < Around(to - from, period) || untilBegin <= length.TotalMinutes;
    }

    private static int Minute(Match match, string end) =>
        (match.Groups[end + "Day"] is { Success: true } day ? Array.IndexOf(Days, day.Value.ToLowerInvariant()) * MinutesOfDay : 0)
        + int.Parse(match.Groups[end + "Hour"].ValueSpan, CultureInfo.InvariantCulture) * 60
        + int.Parse(match.Groups[end + "Minute"].ValueSpan, CultureInfo.InvariantCulture);

    private static double Around(double minutes, int period) => ((minutes % period) + period) % period;

    [GeneratedRegex(@"\A(?:(?<fromDay>sun|mon|tue|wed|thu|fri|sat):)?(?<fromHour>[01]\d|2[0-3]):(?<fromMinute>[0-5]\d)-(?:(?<toDay>sun|mon|tue|wed|thu|fri|sat):)?(?<toHour>[01]\d|2[0-3]):(?<toMinute>[0-5]\d)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
