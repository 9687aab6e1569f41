using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

/// <summary>
/// 400 days under the default policy, for a person to check: <c>retention-400-days.txt</c>. Every deletion of that time was
/// made, so what is missing there is gone.
/// </summary>
public sealed class RetentionGoldenTests
{
    private const int Days = 400, SlotsOfDay = 4, MaxDeletions = 10;

    private static readonly DateTimeOffset First = new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_Every6HoursFor400Days_LeavesTheTable()
    {
        List<RetentionItem> items = [];
        RetentionPlan plan = new([]);
        var (most, now) = (0, First);
        for (var i = 0; i < Days * SlotsOfDay; i++)
        {
            var slot = First.AddHours(24 / SlotsOfDay * i);
            now = slot.AddMinutes(10);
            items.Add(Taken(slot));
            most = Math.Max(most, items.Count);

            plan = RetentionRules.Plan(items, new RetentionPolicy(), now, MaxDeletions);
            var deleted = plan.Deletions.Select(line => line.Id).ToHashSet();
            items.RemoveAll(item => deleted.Contains(item.Id));
        }

        var actual = Header(items.Count, most).Concat(plan.Kept.Select(line => Row(line, now)));
        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Snapshots", "retention-400-days.txt")), actual);
    }

    private static RetentionItem Taken(DateTimeOffset slot) => new()
    {
        Id = slot.ToString("s", CultureInfo.InvariantCulture),
        Status = "available",
        IsOurs = true,
        Slot = slot,
        CreatedAt = slot.AddMinutes(4),
    };

    private static IEnumerable<string> Header(int left, int most) =>
    [
        "# A snapshot every 6 hours for 400 days, from 2025-12-01 00:00 to 2027-01-04 18:00 UTC, retention after each of them.",
        "# Policy: hourly=8 daily=7 weekly=4 monthly=12 yearly=3 min=3",
        $"# {Days * SlotsOfDay} taken, {left} left, never more than {most} (bound: {QuotaRules.Bound(new RetentionPolicy())}).",
        "# slot (UTC, ISO week)          age      why it stays",
    ];

    private static string Row(RetentionLine line, DateTimeOffset now)
    {
        var slot = DateTime.Parse(line.Id, CultureInfo.InvariantCulture);
        var age = now.UtcDateTime - slot;
        return string.Create(CultureInfo.InvariantCulture,
            $"{slot:ddd yyyy-MM-dd HH:mm} {ISOWeek.GetYear(slot)}-W{ISOWeek.GetWeekOfYear(slot):00}  {age.Days,3} d {age.Hours,2} h  {line.Why}");
    }
}
