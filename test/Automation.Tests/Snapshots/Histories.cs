using Automation.Snapshots;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Snapshots;

/// <summary>Histories as a bad year makes them: clock jumps, gaps, slots taken twice, failures, and what people do by hand.</summary>
internal static class Histories
{
    private const int MaxTest = 10_000;

    // Ends of years with and without a week 53, of a leap February, and an ordinary day.
    private static readonly DateTimeOffset[] Presents =
    [
        At(2027, 1, 3, 23), At(2026, 12, 31, 23), At(2027, 1, 1, 1), At(2025, 1, 1, 0), At(2024, 12, 30, 2), At(2021, 1, 4, 0), At(2024, 3, 1, 0), At(2026, 11, 21, 7),
    ];

    // Hours back to the one before; below 0 a clock that jumped.
    private static readonly double[][] Rhythms =
    [
        [1], [6], [24], [0, 0.25, 0.5, 1], [6, 6, 6, 6, 6, 0, 12, 18, -6], [24, 24, 24, 24, 168, 1], [168, 720, 24, 6], [8760, 744, 168, 24, 1, 0],
    ];

    private static readonly string[] OtherStatuses = ["creating", "failed", "deleting", "copying", "incompatible-restore"];

    private static readonly Gen<RetentionPolicy> Policies =
        from tiers in Gen.Elements(0, 0, 1, 2, 3, 5).ArrayOf(5)
        from min in Gen.Elements(1, 1, 2, 3, 6)
        from isDefault in Gen.Elements(false, false, false, true)
        select isDefault
            ? new RetentionPolicy()
            : new RetentionPolicy { Hourly = tiers[0], Daily = tiers[1], Weekly = tiers[2], Monthly = tiers[3], Yearly = tiers[4], Min = min };

    /// <summary>Anything there may be.</summary>
    public static readonly Gen<History> Any = Of((id, slot, code) => Anything(id, slot, new Dice(code)));

    /// <summary>One good snapshot for each slot, made when it was due.</summary>
    public static readonly Gen<History> Pure = Of((id, slot, _) => Good(id, slot)).Select(history => history with
    {
        Items = [.. history.Items.Where(item => item.Slot <= history.Now).DistinctBy(item => item.Slot!.Value.UtcTicks / TimeSpan.TicksPerHour)],
    });

    /// <summary>Fails with the smallest history that can be found when the property does not hold for one of 10,000.</summary>
    public static void Check(Gen<History> histories, Func<History, bool> property) =>
        Prop.ForAll(Arb.From(histories, WithoutOne), property).Check(Config.QuickThrowOnFailure.WithMaxTest(MaxTest));

    private static IEnumerable<History> WithoutOne(History history) =>
        history.Items.Select((_, left) => history with { Items = [.. history.Items.Where((_, i) => i != left)] });

    private static Gen<History> Of(Func<int, DateTimeOffset, int, RetentionItem> item) =>
        from now in Gen.Elements(Presents)
        from rhythm in Gen.Elements(Rhythms)
        from age in Gen.Choose(-3, 30)
        from codes in Gen.Choose(0, int.MaxValue).ArrayOf()
        from policy in Policies
        from salt in Gen.Choose(0, int.MaxValue)
        select new History([.. Items(now.AddHours(-age), rhythm, codes, item)], policy, now, salt);

    private static IEnumerable<RetentionItem> Items(
        DateTimeOffset newest, double[] rhythm, int[] codes, Func<int, DateTimeOffset, int, RetentionItem> item)
    {
        var slot = newest;
        for (var i = 0; i < codes.Length; i++)
        {
            yield return item(i, slot, codes[i]);
            slot = slot.AddHours(-rhythm[codes[i] % rhythm.Length]);
        }
    }

    private static RetentionItem Good(int number, DateTimeOffset slot) => new()
    {
        Id = $"s{number * 7 % 100:00}", // in no order
        Status = "available",
        IsOurs = true,
        Slot = slot,
        CreatedAt = slot.AddMinutes(3),
    };

    private static RetentionItem Anything(int number, DateTimeOffset slot, Dice dice)
    {
        dice.Roll(72); // has chosen the gap
        var good = Good(number, slot);
        return good with
        {
            Id = dice.Roll(64) == 0 && number > 0 ? Good(number - 1, slot).Id : good.Id,
            Status = dice.Roll(10) == 0 ? OtherStatuses[dice.Roll(OtherStatuses.Length)] : good.Status,
            IsOurs = dice.Roll(16) > 0,
            Slot = dice.Roll(32) switch { 0 => null, 1 => slot.AddYears(2), 2 => slot.AddMinutes(17).ToOffset(TimeSpan.FromHours(-11)), _ => slot },
            CreatedAt = dice.Roll(12) switch { 0 => null, 1 => slot, 2 => slot.AddDays(40), 3 => slot.AddDays(-40), _ => good.CreatedAt },
            Held = dice.Roll(16) == 0,
            Shared = dice.Roll(16) == 0,
            CopyInFlight = dice.Roll(16) == 0,
        };
    }

    private static DateTimeOffset At(int year, int month, int day, int hour) => new(year, month, day, hour, 30, 0, TimeSpan.Zero);

    /// <summary>Many small choices out of one number, which is much faster than as many generators.</summary>
    private sealed class Dice(int code)
    {
        private uint state = (uint)code;

        public int Roll(int sides)
        {
            var roll = (int)(state % (uint)sides);
            // A linear congruential step: the number has fewer bits than there are choices.
            state = (state / (uint)sides * 1_664_525) + 1_013_904_223;
            return roll;
        }
    }
}
