using System.Globalization;
using Automation.Lab.Account;

namespace Automation.Tests.Lab.Account;

public sealed class ScheduleExpressionTests
{
    [Theory]
    [InlineData("rate(1 minute)", "2024-02-28T10:00:00Z", "2024-02-28T10:01:00Z")]
    [InlineData("rate(5 minutes)", "2024-01-01T00:04:59Z", "2024-01-01T00:05:00Z")]
    [InlineData("rate(6 hours)", "2024-01-01T07:00:00Z", "2024-01-01T12:00:00Z")]
    [InlineData("rate(7 days)", "2024-01-08T00:00:00Z", "2024-01-15T00:00:00Z")]
    [InlineData("cron(0 10 * * ? *)", "2024-02-28T10:00:00Z", "2024-02-29T10:00:00Z")]
    [InlineData("cron(15 12 * * ? *)", "2024-02-28T10:00:00Z", "2024-02-28T12:15:00Z")]
    [InlineData("cron(0 18 ? * MON-FRI *)", "2024-03-01T18:00:00Z", "2024-03-04T18:00:00Z")]
    [InlineData("cron(0 8 1 * ? *)", "2024-01-31T00:00:00Z", "2024-02-01T08:00:00Z")]
    [InlineData("cron(0/15 * * * ? *)", "2024-01-01T00:46:00Z", "2024-01-01T01:00:00Z")]
    [InlineData("cron(0/5 8-17 ? * MON-FRI *)", "2024-03-01T17:55:00Z", "2024-03-04T08:00:00Z")]
    [InlineData("cron(0 9 ? * 2#1 *)", "2024-03-02T00:00:00Z", "2024-03-04T09:00:00Z")]
    [InlineData("cron(0 9 ? * 6L *)", "2024-03-02T00:00:00Z", "2024-03-29T09:00:00Z")]
    [InlineData("cron(0 9 L * ? *)", "2024-02-01T00:00:00Z", "2024-02-29T09:00:00Z")]
    [InlineData("cron(0 9 3W * ? *)", "2024-03-01T10:00:00Z", "2024-03-04T09:00:00Z")]
    [InlineData("cron(0 9 1W * ? *)", "2024-05-30T00:00:00Z", "2024-06-03T09:00:00Z")]
    [InlineData("cron(0 9 31W * ? *)", "2024-03-02T00:00:00Z", "2024-03-29T09:00:00Z")]
    [InlineData("cron(0 0 29 2 ? *)", "2024-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("cron(0,30 4 ? JAN,jul SUN 2025)", "2024-01-01T00:00:00Z", "2025-01-05T04:00:00Z")]
    public void Next_AfterATime_IsTheNextFire(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), ScheduleExpression.Parse(schedule, Time("2024-01-01T00:00:00Z")).Next(Time(after)));

    [Fact]
    public void Next_YearIsOver_IsNothing() =>
        Assert.Null(ScheduleExpression.Parse("cron(0 0 1 1 ? 2023)", Time("2024-01-01T00:00:00Z")).Next(Time("2024-01-01T00:00:00Z")));

    [Theory]
    [InlineData("every(5 minutes)", "rate(…) or cron(…)")]
    [InlineData("rate(0 minutes)", "positive")]
    [InlineData("rate(1 minutes)", "plural")]
    [InlineData("rate(5 minute)", "plural")]
    [InlineData("cron(0 10 * * *)", "6 fields")]
    [InlineData("cron(0 10 * * * *)", "'?'")]
    [InlineData("cron(0 10 ? * ? *)", "'?'")]
    [InlineData("cron(60 10 * * ? *)", "minutes")]
    [InlineData("cron(0 24 * * ? *)", "hours")]
    [InlineData("cron(0 1 ? * 8 *)", "day of week")]
    [InlineData("cron(0 1 * 13 ? *)", "month")]
    [InlineData("cron(0 1 * * ? 1969)", "year")]
    [InlineData("cron(0 5-2 * * ? *)", "hours")]
    public void Parse_MalformedSchedule_SaysWhatIsWrong(string schedule, string problem)
    {
        var error = Assert.Throws<FormatException>(() => ScheduleExpression.Parse(schedule, Time("2024-01-01T00:00:00Z")));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
