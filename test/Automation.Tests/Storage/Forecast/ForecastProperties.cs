using Automation.Storage.Forecast;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Storage.Forecast.History;

namespace Automation.Tests.Storage.Forecast;

public sealed class ForecastProperties
{
    private const int Capacity = 1000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>What two weeks of a database may look like: growth, jumps up and down, peaks by night, noise.</summary>
    private static readonly Gen<double[]> AnyUsed =
        from hours in Gen.Choose(0, 400)
        from level in Gen.Choose(0, 900)
        from growth in Gen.Choose(-20, 40)
        from jumps in Jump.ListOf()
        from peak in Gen.Choose(0, 60)
        from noise in Gen.Choose(-100, 100).ArrayOf(401)
        from loud in Gen.Elements(0.0, 0.002, 0.03)
        select Enumerable.Range(0, hours).Select(back =>
            level - (growth * back / 48.0) + jumps.Where(jump => back < jump.Hour).Sum(jump => jump.Step) + (back % 24 is 9 or 10 ? peak : 0) + (noise[back] * loud)).ToArray();

    private static Gen<(int Hour, int Step)> Jump => from hour in Gen.Choose(0, 360) from step in Gen.Choose(-80, 80) select (hour, step);

    [Fact]
    public void Of_AnyHistory_HasAnOrderedRangeThatIsNeverNegative() => Prop.ForAll(
        AnyUsed.ToArbitrary(), Gen.Elements(1.0, 500, 2000, 1e6).ToArbitrary(), (used, other) =>
            ForecastRules.Of(Series(used), null, Capacity * GiB, Now) is not StorageForecast.Growing growing
            || (IsRange(growing.DaysToFull) && IsRange(growing.DaysTo(other * GiB)) && growing.Slow.Low <= growing.Slow.Likely && growing.Slow.Likely <= growing.Slow.High))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Of_MoreRoom_IsNeverSooner() => Prop.ForAll(AnyUsed.ToArbitrary(), used =>
        ForecastRules.Of(Series(used), null, Capacity * GiB, Now) is not StorageForecast.Growing growing
        || (growing.DaysToFull, growing.DaysTo(1.5 * Capacity * GiB)) is var (less, more) && less.Low <= more.Low && less.Likely <= more.Likely && less.High <= more.High)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Of_MoreGrowth_IsNeverLater() => Prop.ForAll(AnyUsed.ToArbitrary(), Gen.Choose(1, 100).ToArbitrary(), (used, more) =>
    {
        var faster = used.Select((gib, back) => gib + (more * (used.Length - back) / 240.0)).ToArray();
        return LikelyOf(faster) <= LikelyOf(used) + 1e-6;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Of_ReadingsInAnyOrder_IsTheSame() => Prop.ForAll(AnyUsed.ToArbitrary(), Gen.Choose(0, 9999).ToArbitrary(), (used, salt) =>
    {
        var readings = Readings(used).ToArray();
        new Random(salt).Shuffle(readings);
        var (ordered, shuffled) = (Forecast(Readings(used)), Forecast([.. readings, .. readings.Take(20)]));
        return ordered is StorageForecast.Growing one && shuffled is StorageForecast.Growing other
            ? one.DaysToFull == other.DaysToFull && one.Doubts.SequenceEqual(other.Doubts)
            : ordered.GetType() == shuffled.GetType();

        static StorageForecast Forecast(IEnumerable<Reading> free) =>
            ForecastRules.Of(UsedSeries.OfVolume(free, Hour, Capacity, [ResizeAt(70), ResizeAt(20)]), null, Capacity * GiB, Now);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void OfVolume_MoreAllocatedAndAsMuchMoreFree_IsTheSame() => Prop.ForAll(AnyUsed.ToArbitrary(), Gen.Choose(1, 60_000).ToArbitrary(), (used, more) =>
    {
        var free = Readings([.. used.Select(gib => Capacity - gib)]).ConvertAll(reading => reading with { Bytes = Math.Round(reading.Bytes) });
        var resizes = new[] { ResizeAt(40), ResizeAt(200) };
        var plain = UsedSeries.OfVolume(free, Hour, Capacity, resizes);
        var shifted = UsedSeries.OfVolume(free.Select(reading => reading with { Bytes = reading.Bytes + (more * GiB) }), Hour, Capacity + more, resizes);
        return plain.Readings.Zip(shifted.Readings, (a, b) => a.At == b.At && Math.Abs(a.Bytes - b.Bytes) < 1e-3 * GiB).All(same => same)
            && plain.Readings.Count == shifted.Readings.Count;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void OfVolume_ResizeOfUnknownSize_ForecastsAsTheExactOneDoes() => Prop.ForAll(
        Gen.Choose(48, 310).ToArbitrary(), Gen.Choose(20, 200).ToArbitrary(), (from tenth in Gen.Choose(1, 20) from noise in Gen.Choose(-100, 100).ArrayOf(361) select (tenth, noise)).ToArbitrary(),
        (resized, step, growth) =>
        {
            var free = Hours(360, back => Capacity - (back >= resized ? step : 0) - 500 + (growth.tenth / 10.0 * back) + (growth.noise[back] * 0.004));
            var (guessed, exact) = (DaysWith(free, ResizeAt(resized)), DaysWith(free, ResizeAt(resized, Capacity - step, Capacity)));
            return Math.Abs(guessed - exact) <= 0.05 * exact;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static double DaysWith(List<Reading> free, Resize resize) => LikelyOf(UsedSeries.OfVolume(free, Hour, Capacity, [resize]));

    private static bool IsRange(DaysToFull days) => days.Low >= 0 && days.Low <= days.Likely && days.Likely <= days.High && days.High <= DaysToFull.Furthest;

    private static double LikelyOf(double[] used) => LikelyOf(Series(used));

    private static double LikelyOf(UsedSeries used) =>
        ForecastRules.Of(used, null, Capacity * GiB, Now) is StorageForecast.Growing growing ? growing.DaysToFull.Likely : DaysToFull.Furthest;

    private static UsedSeries Series(double[] used) => UsedSeries.OfCluster(Readings(used));

    private static List<Reading> Readings(double[] gib) => Hours(gib.Length, back => gib[back]);
}
