using Automation.Storage.Forecast;
using static Automation.Tests.Storage.Forecast.History;

namespace Automation.Tests.Storage.Forecast;

public sealed class UsedSeriesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void OfVolume_NoResize_IsAllocatedLessFree() =>
        Assert.Equal([30.0, 40.0], GiBOf(UsedSeries.OfVolume(Hours(2, back => back == 0 ? 60 : 70), Hour, 100, [])));

    [Theory]
    [InlineData(20, 0.0)]
    [InlineData(20, 0.4)]
    [InlineData(100, 2.0)]
    [InlineData(10, -1.5)]
    public void OfVolume_ResizeOfUnknownSize_FindsWholeGiBBesideTheGrowth(int step, double growth)
    {
        var used = UsedSeries.OfVolume(Grown(growth, step, 24), Hour, 400, [ResizeAt(24)]);

        Assert.Empty(used.Doubts);
        Assert.All(used.Readings, reading => Assert.Equal(200 - (growth * (Now - reading.At).TotalHours), reading.Bytes / GiB, 6));
    }

    [Fact]
    public void OfVolume_ReadingOfTheResizedHour_IsLeftOut()
    {
        var used = UsedSeries.OfVolume(Grown(0, 50, 24), Hour, 400, [ResizeAt(24)]);

        Assert.Equal(47, used.Readings.Count);
        Assert.DoesNotContain(used.Readings, reading => reading.At == Now.AddHours(-24));
    }

    [Fact]
    public void OfVolume_ExactSizeBefore_CountsWhateverTheJump()
    {
        var used = UsedSeries.OfVolume(Grown(0, 50, 24), Hour, 400, [ResizeAt(24, before: 320)]);

        Assert.Equal(170, used.Readings[0].Bytes / GiB, 6);
    }

    [Fact]
    public void OfVolume_ExactSizeAfterTheEarlierOne_IsTheSizeBeforeTheLater()
    {
        var free = Hours(48, back => back > 30 ? 100 : back > 10 ? 130 : 190);

        var used = UsedSeries.OfVolume(free, Hour, 400, [ResizeAt(10), ResizeAt(30, after: 350)]);

        Assert.Equal([220.0, 210.0], GiBOf(used).Distinct());
    }

    [Fact]
    public void OfVolume_SpikeThatSetOffTheResize_IsNotItsSize()
    {
        var free = Hours(72, back => 400 - (back >= 30 ? 40 : 0) - 200 - (back is > 28 and < 33 ? 25 : 0));

        Assert.Equal([200.0, 225.0], GiBOf(UsedSeries.OfVolume(free, Hour, 400, [ResizeAt(30)])).Distinct().Order());
    }

    [Fact]
    public void OfVolume_ResizesWithNoReadingBetween_AreOneJump()
    {
        var free = Grown(0, 70, 24).Where(reading => reading.At != Now.AddHours(-23));

        var used = UsedSeries.OfVolume(free, Hour, 400, [ResizeAt(24), ResizeAt(23)]);

        Assert.Empty(used.Doubts);
        Assert.Equal([200.0], GiBOf(used).Distinct());
    }

    [Fact]
    public void OfVolume_UnorderedDoubleAndMadReadings_AreTheSame()
    {
        var free = Grown(0.3, 50, 24);
        var messy = free.AsEnumerable().Reverse()
            .Concat(free.Take(9).Select(reading => reading with { Bytes = reading.Bytes + GiB }))
            .Append(new Reading(Now.AddMinutes(-30), double.NaN)).Append(new Reading(Now.AddMinutes(-20), double.PositiveInfinity));

        Assert.Equal(
            UsedSeries.OfVolume(free, Hour, 400, [ResizeAt(24)]).Readings,
            UsedSeries.OfVolume(messy, Hour, 400, [ResizeAt(24)]).Readings);
    }

    [Fact]
    public void OfVolume_ResizeThatHasNotEnded_ChangesNothingAndIsSaid()
    {
        var used = UsedSeries.OfVolume(Hours(5, _ => 60), Hour, 100, [new Resize(Now.AddHours(-2), null)]);

        Assert.Equal([40.0], GiBOf(used).Distinct());
        Assert.Equal(["A change of the allocated size began 2026-03-18 10:00 UTC and RDS has not said that it ended."], used.Doubts);
    }

    [Fact]
    public void OfVolume_NoReadingSinceTheResize_IsSaid()
    {
        var used = UsedSeries.OfVolume(Hours(48, _ => 60), Hour, 100, [ResizeAt(0)]);

        Assert.Equal("There are no readings since the change of the allocated size on 2026-03-18 12:20 UTC.", Assert.Single(used.Doubts));
    }

    [Fact]
    public void OfVolume_NoReadingsAroundTheResize_IsAGuessAndSaid()
    {
        var free = Grown(0.5, 50, 30).Where(reading => Math.Abs((reading.At - Now.AddHours(-30)).TotalHours) > 10);

        var used = UsedSeries.OfVolume(free, Hour, 400, [ResizeAt(30)]);

        Assert.StartsWith("There are no readings for 22 hours around", Assert.Single(used.Doubts), StringComparison.Ordinal);
        Assert.Equal(176.5, used.Readings[0].Bytes / GiB, 6);
    }

    [Fact]
    public void OfVolume_ResizeThatFreeSpaceDoesNotShow_IsSaid() => Assert.Equal(
        "RDS changed the allocated size on 2026-03-17 12:20 UTC, and free space did not grow then.",
        Assert.Single(UsedSeries.OfVolume(Hours(48, _ => 60), Hour, 100, [ResizeAt(24)]).Doubts));

    [Fact]
    public void OfVolume_ResizeBeforeTheFirstReading_ChangesNothing()
    {
        var used = UsedSeries.OfVolume(Hours(24, _ => 60), Hour, 100, [ResizeAt(200)]);

        Assert.Empty(used.Doubts);
        Assert.Equal([40.0], GiBOf(used).Distinct());
    }

    [Fact]
    public void OfVolume_NoReadings_IsEmpty() => Assert.Empty(UsedSeries.OfVolume([], Hour, 100, [ResizeAt(3)]).Readings);

    /// <summary>48 hours; 200 of now 400 GiB used, grown by so many GiB an hour; resized once.</summary>
    private static List<Reading> Grown(double growth, int step, int resizedBack) =>
        Hours(48, back => 400 - (back >= resizedBack ? step : 0) - (200 - (growth * back)));

    private static IEnumerable<double> GiBOf(UsedSeries used) => used.Readings.Select(reading => Math.Round(reading.Bytes / GiB, 6));
}
