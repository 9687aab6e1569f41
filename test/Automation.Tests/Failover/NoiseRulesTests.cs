using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class NoiseRulesTests
{
    [Fact]
    public void Of_QuietLane_ReportsWhatItSaw()
    {
        var noise = NoiseRules.Of(Given.Attempts(string.Join(' ', Enumerable.Range(0, 40).Select(i => $"{i * 50}:ok"))), TimeSpan.Zero, Given.Ms(2000));

        Assert.Equal((40, 0, Given.Ms(10), Given.Ms(50), Given.Ms(50)), (noise.Attempts, noise.Failures, noise.Median, noise.LongestGap, noise.Interval));
        Assert.True(noise.IsSteady(20));
    }

    [Theory]
    [InlineData(100, 2, true)]
    [InlineData(100, 3, false)]
    [InlineData(20, 1, true)]
    [InlineData(20, 2, false)]
    [InlineData(19, 0, false)]
    [InlineData(40, 40, false)]
    public void IsSteady_FailuresOfAttempts_TwoOfAHundredMayFail(int attempts, int failures, bool steady) =>
        Assert.Equal(steady, NoiseRules.Of(
            Given.Attempts(string.Join(' ', Enumerable.Range(0, attempts).Select(i => $"{i * 50}:{(i < failures ? "refused" : "ok")}"))), TimeSpan.Zero, Given.Ms(10_000)).IsSteady(20));

    [Fact]
    public void Of_StallInBetween_IsTheLongestGap() =>
        Assert.Equal(Given.Ms(350), NoiseRules.Of(Given.Attempts("0:ok 50:ok 100:timeout 400:ok 450:ok"), TimeSpan.Zero, Given.Ms(500)).LongestGap);

    [Fact]
    public void Of_NothingAnswered_IsAllOneGap() => Assert.Equal(Given.Ms(500), NoiseRules.Of([], TimeSpan.Zero, Given.Ms(500)).LongestGap);
}
