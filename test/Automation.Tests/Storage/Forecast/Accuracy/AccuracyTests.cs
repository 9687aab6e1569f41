namespace Automation.Tests.Storage.Forecast.Accuracy;

public sealed class AccuracyTests
{
    private static readonly int[] Seeds = [1, 2, 3];

    [Fact]
    public void Of_EveryCase_IsWithinAQuarterOfTheTruthOrDoubted()
    {
        var wrong = from seed in Seeds
                    from data in SimulatedCases.All(seed)
                    let ours = ForecastError.OfOurs(data with { Seed = seed })
                    where Math.Abs(ours.Error) > 0.25 && !ours.Doubted
                    select $"{data.Name}, seed {seed}: {ours.Days:0.0} days, {ours.Truth:0.0} in truth";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Of_AllCasesTogether_IsBetterThanEveryRival()
    {
        var cases = SimulatedCases.All(seed: 1);
        var ours = cases.Sum(data => ForecastError.OfOurs(data).Capped);

        Assert.All(Rivals.All, rival =>
            Assert.True(ours < cases.Sum(data => new ForecastError(rival.Days(data), data.Truth(), false).Capped), rival.Name));
    }

    [Fact]
    public void Of_AllCases_DoubtsAreTheExceptionWhereItIsRight()
    {
        var right = SimulatedCases.All(seed: 1).Select(ForecastError.OfOurs).Where(ours => Math.Abs(ours.Error) <= 0.25).ToList();

        Assert.True(right.Count(ours => ours.Doubted) < right.Count / 2, $"{right.Count(ours => ours.Doubted)} of {right.Count}");
    }
}
