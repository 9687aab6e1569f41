using System.Globalization;
using Automation.Snapshots;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Snapshots;

/// <summary>The forecast says what happens when retention itself is run for 400 days.</summary>
public sealed class QuotaProperties
{
    private const int MaxTest = 200;

    private sealed record Account(SnapshotSeries[] Series, int Others, int RoomBelowBound, DateTimeOffset Now)
    {
        public int Used => Others + Series.Sum(one => one.Slots.Count);

        public int Bound => Others + Series.Sum(one => QuotaRules.Bound(one.Policy));
    }

    private static readonly Gen<SnapshotSeries> AnySeries =
        from tiers in Gen.Choose(0, 4).ArrayOf(5)
        from min in Gen.Choose(1, 4)
        from hours in Gen.Elements(12, 24, 24, 72, 168)
        from gaps in Gen.Choose(1, 200).ArrayOf()
        select new SnapshotSeries
        {
            Policy = new RetentionPolicy { Hourly = tiers[0], Daily = tiers[1], Weekly = tiers[2], Monthly = tiers[3], Yearly = tiers[4], Min = min },
            Every = TimeSpan.FromHours(hours),
            Slots = Slots(gaps),
        };

    private static readonly Gen<Account> Accounts =
        from series in AnySeries.ArrayOf(2)
        from others in Gen.Choose(0, 20)
        from below in Gen.Choose(1, 12)
        from hour in Gen.Choose(0, 24 * 40)
        select new Account(series, others, below, new DateTimeOffset(2026, 12, 1, 0, 20, 0, TimeSpan.Zero).AddHours(hour));

    [Fact]
    public void Forecast_BoundDoesNotFit_IsTheDayThatRetentionItselfComesTo() => Check(account =>
    {
        var max = account.Bound - account.RoomBelowBound;
        return QuotaRules.Forecast(account.Used, max, account.Series, account.Now)
            == new QuotaForecast(FullOn(account, max), account.Bound);
    });

    [Fact]
    public void Forecast_BoundFits_RetentionItselfNeverComesToIt() => Check(account =>
        QuotaRules.Forecast(account.Used, account.Bound, account.Series, account.Now).FullOn is null && FullOn(account, account.Bound) is null);

    private static void Check(Func<Account, bool> property) =>
        Prop.ForAll(Accounts.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(MaxTest));

    private static DateTimeOffset[] Slots(int[] gaps)
    {
        var slot = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        return Array.ConvertAll(gaps, gap => slot = slot.AddHours(-gap));
    }

    private static DateOnly? FullOn(Account account, int max)
    {
        var databases = account.Series.Select(one => Retained([.. one.Slots.Select(Item)], one.Policy, account.Now)).ToArray();
        // Something is due now, then at noon and midnight at most.
        for (var now = account.Now; now <= account.Now.AddDays(400); now = Slot(TimeSpan.FromHours(12), now).AddHours(12))
        {
            var due = account.Series.Select(one => Slot(one.Every, now)).ToArray();
            for (var i = 0; i < due.Length; i++)
                if (databases[i].TrueForAll(item => item.Slot < due[i])) databases[i].Add(Item(due[i]));
            if (account.Others + databases.Sum(items => items.Count) > max) return DateOnly.FromDateTime(now.UtcDateTime);
            for (var i = 0; i < due.Length; i++)
                if (databases[i][^1].Slot == due[i]) databases[i] = Retained(databases[i], account.Series[i].Policy, now);
        }
        return null;
    }

    private static List<RetentionItem> Retained(List<RetentionItem> items, RetentionPolicy policy, DateTimeOffset now)
    {
        var kept = RetentionRules.Plan(items, policy, now, int.MaxValue).Kept.Select(line => line.Id).ToHashSet();
        return [.. items.Where(item => kept.Contains(item.Id))];
    }

    private static DateTimeOffset Slot(TimeSpan every, DateTimeOffset now) =>
        DateTimeOffset.UnixEpoch + (every * Math.Floor((now - DateTimeOffset.UnixEpoch) / every));

    private static RetentionItem Item(DateTimeOffset slot) => new()
    {
        Id = slot.ToString("s", CultureInfo.InvariantCulture), Status = "available", IsOurs = true, Slot = slot, CreatedAt = slot,
    };
}
