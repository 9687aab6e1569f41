using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Template;

/// <summary>What sets TestFailover off: its schedule, and people. No event of RDS does (see <c>FailoverEventFileTests</c>).</summary>
public sealed class FailoverScheduleTests
{
    private const string Function = "TestFailoverFunction";

    [Fact]
    public void Schedule_ByDefault_IsOnceAWeekWhenPeopleAreAwake()
    {
        var schedule = ScheduleExpression.Parse(Rule().Schedule!, DateTimeOffset.UnixEpoch);
        var first = schedule.Next(new DateTimeOffset(2026, 1, 14, 0, 0, 0, TimeSpan.Zero));
        var second = schedule.Next(first!.Value);

        Assert.Equal(new DateTimeOffset(2026, 1, 20, 9, 0, 0, TimeSpan.Zero), first);
        Assert.Equal(TimeSpan.FromDays(7), second - first);
    }

    [Fact]
    public void Schedule_OfTheFunction_IsItsParameter()
    {
        var rule = Rule(("TestFailoverSchedule", "rate(7 days)"));

        Assert.Equal("rate(7 days)", rule.Schedule);
        Assert.True(rule.Enabled);
        Assert.Null(rule.Input);
    }

    // The file is what the schedule of a new stack sends.
    [Fact]
    public void EventFile_OfTheSchedule_HasATimeOfIt()
    {
        var time = EventFiles.Read("eventbridge-schedule-test-failover").GetProperty("time").GetDateTimeOffset();

        Assert.Equal(time, ScheduleExpression.Parse(Rule().Schedule!, DateTimeOffset.UnixEpoch).Next(time.AddSeconds(-1)));
    }

    // A schedule names its function as a target, and has no pattern; by hand the function is invoked itself.
    [Theory]
    [InlineData("eventbridge-schedule-test-failover")]
    [InlineData("failover-by-hand")]
    public void EventFile_OfTheFunction_MatchesNoRule(string name)
    {
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Empty(EventFiles.NoticesReachedBy(EventFiles.Read(name)));
    }

    private static TemplateRule Rule(params (string, string)[] parameters) => Assert.Single(TemplateTree.Deployed(parameters).Function(Function).Rules);
}
