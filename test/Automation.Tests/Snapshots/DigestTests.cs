using System.Globalization;
using Automation.Fleet;
using Automation.Outcomes;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class DigestTests
{
    [Theory]
    [InlineData("2026-11-23T05:59:00Z", "2026-W47")]
    [InlineData("2026-11-23T06:00:00Z", "2026-W48")]
    [InlineData("2026-11-29T23:00:00Z", "2026-W48")]
    [InlineData("2027-01-01T12:00:00Z", "2026-W53")]
    [InlineData("2027-01-04T06:00:00Z", "2027-W01")]
    public void WeekOf_BeginsOnMondayAtSix(string now, string week) =>
        Assert.Equal(week, Digest.WeekOf(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Fact]
    public void Write_TellsHowEverythingStands()
    {
        var held = Own(Slot.AddDays(-40)) with { Held = true };
        var facts = new DatabaseFacts
        {
            Database = Orders(),
            Policy = Policy("copy=eu-west-1"),
            Home = Place(Home, Own(Slot.AddHours(-18)), held, Own(Slot, "failed")),
            Destinations = [Destination(Own(Slot.AddHours(-24), region: Away))],
        };
        var plan = ReconcileRules.Decide(facts, Home, [], Tags, Now);

        var (headline, text) = Digest.Write([(facts, plan)], ["auto-old-20260101-0000"], ["3 of 100 manual instance snapshots of this Region are used."], Mode.Observe, Now);

        Assert.Equal("snapshots: 1 of 1 database overdue", headline);
        Assert.Equal(
            """
            Snapshots of the week, 1 of 1 database overdue.
            The stack observes: it takes, copies and deletes nothing.

            DATABASES (newest good snapshot; how many; newest copy elsewhere)
              orders                         19 hours        2  eu-west-1 25 hours

            NOT AS IT SHOULD BE
              orders: its newest good snapshot is auto-orders-20261120-1200, 19 hours old; one is due every 6 hours (overdue)
              orders: auto-orders-20261121-0600 failed; the next run tries again under another name (snapshot-failed)
              orders: its newest copy in eu-west-1 is 25 hours old; one is due every 6 hours (copy-overdue)

            NEVER DELETED BY THE AUTOMATION
              auto-orders-20261012-0600: held by tag
              auto-orders-20261121-0600: failed; delete it by hand

            OF DATABASES THAT ARE GONE: 1; they stay until somebody deletes them
              auto-old-20260101-0000

            QUOTA
              3 of 100 manual instance snapshots of this Region are used.

            """, text);
    }

    [Theory]
    [InlineData(10, 100, 40, null)]
    [InlineData(10, 100, 20, Severity.Warning)]
    [InlineData(95, 100, 400, Severity.Critical)]
    public void QuotaNews_IsToldBeforeTheDayOrNearTheLimit(int used, int max, int daysAhead, Severity? severity)
    {
        var day = DateOnly.FromDateTime(Now.UtcDateTime).AddDays(daysAhead);

        var (sentence, finding) = QuotaNews.Judge(DatabaseKind.Instance, new Quota(used, max), new QuotaForecast(day, 200), Now);

        Assert.Equal(severity, finding?.Severity);
        Assert.Contains(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), sentence, StringComparison.Ordinal);
        Assert.Null(QuotaNews.Judge(DatabaseKind.Instance, new Quota(10, 100), new QuotaForecast(null, 90), Now).Finding);
    }
}
