using Automation.Lab.Report;
using Automation.Lab.Report.Charts;

namespace Automation.Tests.Lab.Report;

public sealed class ThinningTests
{
    private const int Columns = 100;

    [Fact]
    public void Indices_Nothing_IsNothing() => Assert.Empty(Thinning.Indices([], Axis(60), Columns));

    [Fact]
    public void Indices_OnePoint_IsKept() => Assert.Equal([0], Thinning.Indices([new RunPoint(Recorded.At(1), 5)], Axis(60), Columns));

    [Fact]
    public void Indices_FewPoints_AreAllKept() =>
        Assert.Equal(Enumerable.Range(0, 300), Thinning.Indices(Points(300, n => n), Axis(300), Columns));

    [Theory]
    [InlineData(1)]
    [InlineData(4_711)]
    [InlineData(9_998)]
    public void Indices_ManyPoints_KeepExtremesAndEnds(int spike)
    {
        var points = Points(10_000, n => n == spike ? 1_000 : n == spike / 2 ? -1_000 : 10 + (n % 7));

        var kept = Thinning.Indices(points, Axis(10_000), Columns);

        Assert.InRange(kept.Count, Columns, Columns * 5);
        Assert.Contains(spike, kept);
        Assert.Contains(spike / 2, kept);
        Assert.Equal((0, 9_999), (kept[0], kept[^1]));
        Assert.Equal(kept.Order().Distinct(), kept);
    }

    [Fact]
    public void Indices_GapShorterThanAColumn_IsKept()
    {
        var kept = Thinning.Indices(Points(10_000, n => n == 5_050 ? null : 3), Axis(10_000), Columns);

        Assert.Contains(5_050, kept);
    }

    [Fact]
    public void Indices_OutsideOfTheAxis_IsLeftOut()
    {
        var kept = Thinning.Indices(Points(300, n => n), TimeAxis.Of(Recorded.Start, Recorded.At(100), Recorded.At(110), 0, 100), Columns);

        Assert.Equal(Enumerable.Range(100, 11), kept);
    }

    private static TimeAxis Axis(double seconds) => TimeAxis.Of(Recorded.Start, Recorded.Start, Recorded.At(seconds), 0, 1000);

    private static List<RunPoint> Points(int count, Func<int, double?> value) => [.. Enumerable.Range(0, count).Select(n => new RunPoint(Recorded.At(n), value(n)))];
}
