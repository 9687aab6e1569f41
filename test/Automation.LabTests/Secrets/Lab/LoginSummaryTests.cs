using Automation.Lab.Secrets;

namespace Automation.LabTests.Secrets.Lab;

public sealed class LoginSummaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NoLogins_HasNoGap()
    {
        var summary = LoginSummary.Of([]);

        Assert.Equal((0, 0, TimeSpan.Zero, null, null), (summary.Logins, summary.Failures, summary.LongestGap, summary.FirstFailure, summary.LastFailure));
    }

    [Fact]
    public void Of_TwoGaps_MeasuresEachFromItsFirstFailureToTheNextSuccess()
    {
        var summary = LoginSummary.Of(
        [
            Login(0, LoginResult.Ok), Login(20, LoginResult.Refused), Login(40, LoginResult.Refused), Login(60, LoginResult.Ok),
            Login(80, LoginResult.Ok), Login(100, LoginResult.Error), Login(120, LoginResult.Ok),
        ]);

        Assert.Equal((7, 4, 2, 1, 3), (summary.Logins, summary.Ok, summary.Refused, summary.Errors, summary.Failures));
        Assert.Equal([(40.0, 2), (20.0, 1)], summary.Gaps.Select(g => (g.Length.TotalMilliseconds, g.Failures)));
        Assert.Equal((Noon.AddMilliseconds(20), Noon.AddMilliseconds(100)), (summary.FirstFailure, summary.LastFailure));
        Assert.Equal(TimeSpan.FromMilliseconds(40), summary.LongestGap);
    }

    [Fact]
    public void Of_LoginsInTheOrderTheyEnded_AreTakenInTheOrderTheyBegan()
    {
        var summary = LoginSummary.Of([Login(40, LoginResult.Ok), Login(0, LoginResult.Ok), Login(20, LoginResult.Refused)]);

        Assert.Equal(TimeSpan.FromMilliseconds(20), summary.LongestGap);
    }

    /// <summary>One that began earlier read the secret later: its success says nothing of the moment at which the next began.</summary>
    [Fact]
    public void Of_SuccessThatOverlapsALaterFailure_EndsNoGap()
    {
        LoginAttempt Slow(int atMs, LoginResult result) => Login(atMs, result) with { Duration = TimeSpan.FromMilliseconds(50) };

        var summary = LoginSummary.Of([Slow(0, LoginResult.Refused), Slow(10, LoginResult.Ok), Slow(20, LoginResult.Refused), Slow(80, LoginResult.Ok), Slow(140, LoginResult.Ok)]);

        Assert.Equal((TimeSpan.FromMilliseconds(80), 2), (Assert.Single(summary.Gaps).Length, summary.Gaps[0].Failures));
    }

    [Fact]
    public void Of_GapThatDoesNotEnd_LastsToTheLastFailure()
    {
        var summary = LoginSummary.Of([Login(0, LoginResult.Ok), Login(20, LoginResult.Error), Login(70, LoginResult.Error)]);

        Assert.Equal(TimeSpan.FromMilliseconds(50), Assert.Single(summary.Gaps).Length);
    }

    private static LoginAttempt Login(int atMs, LoginResult result) =>
        new() { At = Noon.AddMilliseconds(atMs), Duration = TimeSpan.FromMilliseconds(5), Result = result };
}
