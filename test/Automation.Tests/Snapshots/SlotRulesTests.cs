using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

public sealed class SlotRulesTests
{
    [Theory]
    [InlineData("2026-11-21T07:15:00Z", 6, "2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T06:00:00Z", 6, "2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T05:59:59.9999999Z", 6, "2026-11-21T00:00:00Z")]
    [InlineData("2027-01-01T00:30:00+02:00", 1, "2026-12-31T22:00:00Z")]
    [InlineData("2026-11-21T23:59:00-05:00", 24, "2026-11-22T00:00:00Z")]
    [InlineData("2024-02-29T12:00:00Z", 24, "2024-02-29T00:00:00Z")]
    [InlineData("1969-12-31T23:30:00Z", 6, "1969-12-31T18:00:00Z")]
    public void At_AnyTime_IsTheLastSlotThatBegan(string now, int hours, string slot) => Assert.Equal(
        DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture),
        SlotRules.At(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours)));

    [Fact]
    public void At_OfAWeek_FollowsTheEpoch() => Assert.Equal(
        new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero),
        SlotRules.At(new DateTimeOffset(2026, 11, 21, 7, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(7)));
}
