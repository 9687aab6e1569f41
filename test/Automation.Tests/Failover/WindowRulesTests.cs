using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class WindowRulesTests
{
    // The 21st of November 2026 is a Saturday.
    [Theory]
    [InlineData("03:05-03:35", "2026-11-21T03:04:59Z", 0, false)]
    [InlineData("03:05-03:35", "2026-11-21T03:05:00Z", 0, true)]
    [InlineData("03:05-03:35", "2026-11-21T03:34:59Z", 0, true)]
    [InlineData("03:05-03:35", "2026-11-21T03:35:00Z", 0, false)]
    [InlineData("03:05-03:35", "2026-11-21T02:50:00Z", 14, false)]
    [InlineData("03:05-03:35", "2026-11-21T02:50:00Z", 15, true)]
    [InlineData("23:45-00:15", "2026-11-21T23:50:00Z", 0, true)]
    [InlineData("23:45-00:15", "2026-11-22T00:14:00Z", 0, true)]
    [InlineData("23:45-00:15", "2026-11-22T00:15:00Z", 0, false)]
    [InlineData("00:05-00:35", "2026-11-21T23:58:00Z", 10, true)]
    [InlineData("sat:09:30-sat:10:30", "2026-11-21T10:00:00Z", 0, true)]
    [InlineData("SAT:09:30-Sat:10:30", "2026-11-21T10:00:00Z", 0, true)]
    [InlineData("sun:09:30-sun:10:30", "2026-11-21T10:00:00Z", 0, false)]
    [InlineData("sat:23:45-sun:00:15", "2026-11-22T00:10:00Z", 0, true)]
    [InlineData("sat:23:45-sun:00:15", "2026-11-22T00:15:00Z", 0, false)]
    [InlineData("sun:00:05-sun:00:35", "2026-11-21T23:58:00Z", 10, true)]
    [InlineData("fri:10:00-mon:10:00", "2026-11-21T10:00:00Z", 0, true)]
    public void Meets_Window_CountsTimeAroundTheEndOfDayAndWeek(string window, string now, int minutes, bool meets) =>
        Assert.Equal(meets, WindowRules.Meets(window, DateTimeOffset.Parse(now, null), TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData("")]
    [InlineData("03:05")]
    [InlineData("24:00-24:30")]
    [InlineData("03:60-04:00")]
    [InlineData("sun:04:00-04:30")]
    [InlineData("sunday:04:00-sunday:04:30")]
    [InlineData("03:05-03:35\n")]
    public void Meets_Unreadable_IsUnknown(string window) => Assert.Null(WindowRules.Meets(window, Given.Now, TimeSpan.Zero));
}
