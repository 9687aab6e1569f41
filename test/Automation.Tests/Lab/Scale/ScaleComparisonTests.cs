using Automation.Benchmarks.Scale;

namespace Automation.Tests.Lab.Scale;

public sealed class ScaleComparisonTests
{
    private static readonly ScaleRun Run = new("F", "FFunction", "event", false, TimeSpan.FromSeconds(10), new CallFormula("n", n => n));

    [Theory]
    [InlineData(9_000, 100, true)]
    [InlineData(11_000, 100, false)] // the first run of a day has no warm process
    [InlineData(9_000, 11_000, false)]
    public void Aims_TimeLimit_HoldsForTheFirstRunToo(double coldMs, double warmMs, bool holds)
    {
        var figures = new ScaleFigures(Run, 2) { Cold = TimeSpan.FromMilliseconds(coldMs), PeakMB = 90, Calls = new Dictionary<string, int> { ["List"] = 2 } };
        figures.Answer.Add(warmMs);

        Assert.Equal(holds, new ScaleComparison([figures]).Aims.First().Holds);
    }
}
