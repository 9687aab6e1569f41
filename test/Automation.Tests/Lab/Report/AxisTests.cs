using Automation.Lab.Report.Charts;

namespace Automation.Tests.Lab.Report;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0.2, 0.1, "0:00.0", "0:01.0")] // never less than a second
    [InlineData(12, 1, "0:00", "0:12")]
    [InlineData(65, 5, "0:00", "1:05")]
    [InlineData(280, 30, "0:00", "4:30")]
    [InlineData(3_700, 300, "0:00", "1:00:00")]
    public void Ticks_OfARun_AreRoundAndFew(double seconds, double step, string first, string last)
    {
        var axis = TimeAxis.Of(Recorded.Start, Recorded.Start, Recorded.At(seconds), 100, 1100);

        Assert.Equal(step, axis.Step);
        var ticks = axis.Ticks.ToList();
        Assert.Equal((first, last), (ticks[0].Label, ticks[^1].Label));
        Assert.InRange(ticks.Count, 2, 15);
        Assert.All(ticks, tick => Assert.InRange(axis.X(tick.At), 100, 1100.001));
    }

    [Fact]
    public void Ticks_OfAPart_CountFromTheRunsStart()
    {
        var axis = TimeAxis.Of(Recorded.Start, Recorded.At(61), Recorded.At(69), 0, 100);

        Assert.Equal(["1:01", "1:02", "1:03", "1:04", "1:05", "1:06", "1:07", "1:08", "1:09"], axis.Ticks.Select(tick => tick.Label));
    }

    [Fact]
    public void Ticks_OfYears_AreStillFew()
    {
        var axis = TimeAxis.Of(Recorded.Start, Recorded.Start, Recorded.Start.AddYears(3), 0, 100);

        Assert.InRange(axis.Ticks.Count(), 2, 15);
    }

    [Fact]
    public void X_OutsideOfTheAxis_IsTheEdge()
    {
        var axis = TimeAxis.Of(Recorded.Start, Recorded.At(10), Recorded.At(20), 100, 200);

        Assert.Equal((100, 150, 200), (axis.X(Recorded.At(1)), axis.X(Recorded.At(15)), axis.X(Recorded.At(99))));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-5, 1, 1)]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(95, 100, 50)]
    [InlineData(100, 100, 50)]
    [InlineData(101, 150, 50)]
    [InlineData(0.7, 0.75, 0.25)]
    public void ValueAxis_OfHighest_HoldsItInRoundSteps(double highest, double top, double step)
    {
        var axis = ValueAxis.Of(highest);

        Assert.Equal((top, step), (axis.Top, axis.Step));
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(17)]
    [InlineData(99.999)]
    [InlineData(4e15)]
    public void ValueAxis_OfAnything_IsNotBelowIt(double highest)
    {
        var axis = ValueAxis.Of(highest);

        Assert.InRange(highest, 0, axis.Top * 1.000001);
        Assert.InRange(axis.Ticks.Count(), 2, 6);
        Assert.Equal((0d, 1d), (axis.Down(axis.Top), axis.Down(0)));
    }
}
