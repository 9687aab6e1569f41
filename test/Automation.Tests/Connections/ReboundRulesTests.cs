using Automation.Connections;
using static Automation.Tests.Connections.Sessions;

namespace Automation.Tests.Connections;

public sealed class ReboundRulesTests
{
    private static readonly Session[] Before = [.. Enumerable.Range(1, 10).Select(pid => InTransaction(pid, TimeSpan.FromHours(1)))];

    private static Victim Ended(int pid) => new(Before[pid - 1], "", TimeSpan.Zero, 0, TimeSpan.Zero);

    private static Session New(int pid, string application = "web") =>
        Active(pid) with { Application = application, BackendStart = Now.AddSeconds(1) };

    [Theory]
    [InlineData(1, 1, false)] // one may be chance
    [InlineData(2, 2, true)]
    [InlineData(4, 1, false)]
    [InlineData(4, 2, true)]
    [InlineData(5, 2, false)]
    [InlineData(5, 3, true)]
    public void IsRebound_HalfOfTheEndedAndAtLeastTwoAreBack(int ended, int back, bool rebound)
    {
        var victims = Enumerable.Range(1, ended).Select(Ended).ToList();
        var after = Before.Skip(ended).Concat(Enumerable.Range(100, back).Select(pid => New(pid)));

        Assert.Equal(rebound, ReboundRules.IsRebound(Facts(100, Before), Facts(100, after), victims));
    }

    [Fact]
    public void IsRebound_OthersGetIn_IsTheReliefThatWasWanted()
    {
        var after = Before.Skip(2).Concat(Enumerable.Range(100, 5).Select(pid => New(pid, "checkout")));

        Assert.False(ReboundRules.IsRebound(Facts(100, Before), Facts(100, after), [Ended(1), Ended(2)]));
    }

    [Fact]
    public void IsRebound_PidReused_CountsAsNew()
    {
        var after = Before.Skip(2).Concat([New(1), New(2)]);

        Assert.True(ReboundRules.IsRebound(Facts(100, Before), Facts(100, after), [Ended(1), Ended(2)]));
    }

    [Fact]
    public void IsRebound_NothingEnded_IsFalse() => Assert.False(ReboundRules.IsRebound(Facts(100, Before), Facts(100, Before), []));
}
