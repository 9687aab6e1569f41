using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Account;

/// <summary>Rows are the tables of the CloudWatch user guide, "How alarm state is evaluated when data is missing".</summary>
public sealed class AlarmEvaluationTests
{
    [Theory]
    // Datapoints to alarm and evaluation periods are both 3.
    [InlineData(3, "0 - X - X", "OK", "OK", "OK", "OK")]
    [InlineData(3, "0 - - - -", "OK", "OK", "OK", "OK")]
    [InlineData(3, "- - - - -", "INSUFFICIENT_DATA", "keep", "ALARM", "OK")]
    [InlineData(3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(3, "- - X - -", "ALARM", "keep", "ALARM", "OK")]
    [InlineData(3, "- - - - X", "INSUFFICIENT_DATA", "keep", "ALARM", "OK")]
    [InlineData(3, "X - - - -", "ALARM", "keep", "ALARM", "OK")]
    [InlineData(3, "0 0 X X X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(3, "X X X X 0", "OK", "OK", "OK", "OK")]
    // 2 of 3.
    [InlineData(2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(2, "0 - X - -", "OK", "OK", "ALARM", "OK")]
    [InlineData(2, "- - - - 0", "OK", "OK", "ALARM", "OK")]
    [InlineData(2, "- - - X -", "ALARM", "keep", "ALARM", "OK")]
    [InlineData(2, "- - - - X", "INSUFFICIENT_DATA", "keep", "ALARM", "OK")]
    public void Decide_DocumentedRange_AsDocumented(
        int datapoints, string range, string missing, string ignore, string breaching, string notBreaching)
    {
        string Decide(string treatment) => AlarmEvaluation
            .Decide(Alarm("GreaterThanThreshold") with { DatapointsToAlarm = datapoints, TreatMissingData = treatment }, Range(range))
            .State?.Wire() ?? "keep";

        Assert.Equal((missing, ignore, breaching, notBreaching),
            (Decide("missing"), Decide("ignore"), Decide("breaching"), Decide("notBreaching")));
    }

    [Theory]
    [InlineData("GreaterThanThreshold", 50, false)]
    [InlineData("GreaterThanThreshold", 50.1, true)]
    [InlineData("GreaterThanOrEqualToThreshold", 50, true)]
    [InlineData("GreaterThanOrEqualToThreshold", 49.9, false)]
    [InlineData("LessThanThreshold", 50, false)]
    [InlineData("LessThanThreshold", 49.9, true)]
    [InlineData("LessThanOrEqualToThreshold", 50, true)]
    [InlineData("LessThanOrEqualToThreshold", 50.1, false)]
    public void Decide_ValueAtThreshold_FollowsTheComparison(string comparison, double value, bool alarm) =>
        Assert.Equal(alarm ? AlarmState.Alarm : AlarmState.Ok,
            AlarmEvaluation.Decide(Alarm(comparison), [.. Enumerable.Repeat(new AlarmDatapoint(default, value), 5)]).State);

    [Fact]
    public void Decide_EnoughRealDatapoints_EvaluatesTheLatestOnly()
    {
        var verdict = AlarmEvaluation.Decide(Alarm("GreaterThanThreshold"), Range("0 X X - X"));

        Assert.Equal([1, 2, 4], verdict.Evaluated.Select(p => p.At.Minute));
        Assert.Equal(0, verdict.Filled);
    }

    private static AlarmDatapoint[] Range(string text) => [.. text.Split(' ').Select((point, minute) => new AlarmDatapoint(
        new DateTimeOffset(2024, 1, 1, 0, minute, 0, TimeSpan.Zero),
        point switch { "X" => 60, "0" => 40, _ => null }))];

    private static TemplateAlarm Alarm(string comparison) => new()
    {
        LogicalId = "A",
        Name = "a",
        Arn = "arn",
        Metrics = [],
        Threshold = 50,
        ComparisonOperator = comparison,
        EvaluationPeriods = 3,
        DatapointsToAlarm = 3,
    };
}
