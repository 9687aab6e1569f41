using System.Text;
using System.Text.Json;
using Automation.Lab.Failover;
using Automation.Lab.Lambda;
using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

public sealed class ReadingTests
{
    [Theory]
    [InlineData("""{"source":"aws.rds","detail-type":"RDS DB Instance Event","detail":{"EventID":"RDS-EVENT-0013","Message":"Multi-AZ failover started.","SourceIdentifier":"orders"}}""", "RDS-EVENT-0013", "Multi-AZ failover started.")]
    [InlineData("""{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change","detail":{"alarmName":"connections","state":{"value":"ALARM","reason":"too many"}}}""", "alarm connections: ALARM", "too many")]
    [InlineData("""{"source":"aws.events","detail-type":"Scheduled Event","resources":["arn:aws:events:us-east-1:123456789012:rule/TakeSnapshots"],"detail":{}}""", "schedule TakeSnapshots", "its time has come")]
    [InlineData("""{"source":"aws.events","detail-type":"Scheduled Event","resources":["arn:aws:events:us-east-1:123456789012:rule/lab-TakeSnapshotsFunctionSchedule"]}""", "schedule TakeSnapshots", "its time has come")]
    [InlineData("""{"source":"aws.events","detail-type":"Scheduled Event","resources":["arn:aws:events:us-east-1:123456789012:rule/lab-GrowStorageFunctionRetry"]}""", "schedule GrowStorage Retry", "its time has come")]
    [InlineData("""{"source":"aws.secretsmanager","detail-type":"AWS Service Event via CloudTrail","detail":{"eventName":"RotationSucceeded"}}""", "RotationSucceeded", "aws.secretsmanager")]
    [InlineData("""{"source":"somebody","detail-type":"Something"}""", "Something", "somebody")]
    public void Event_OfAnySource_HasALabel(string json, string label, string text)
    {
        var moment = EventReading.Read(JsonElement.Parse(json), Recorded.Start);

        Assert.Equal((MomentKind.Event, label, text), (moment.Kind, moment.Label, moment.Text));
    }

    [Fact]
    public void Event_AlarmThatIsOver_IsFaint() => Assert.Equal(Weight.Faint, EventReading.Read(JsonElement.Parse(
        """{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change","detail":{"alarmName":"connections","state":{"value":"OK"}}}"""), Recorded.Start).Weight);

    [Fact]
    public void Decisions_OfAnAnswer_AreItsOutcomes()
    {
        var decisions = AnswerReading.Decisions("GrowStorageFunction", Answer("""
            {"capability":"storage","mode":"act","outcomes":[{"database":"a","decision":"acted","reason":"grown","summary":"s","details":{"targetGiB":48}},{"database":"b","decision":"refused","reason":"off","summary":"t","details":{}}]}
            """)).ToList();

        Assert.Equal([("a", "acted", "grown"), ("b", "refused", "off")], decisions.Select(one => (one.Database, one.Decision, one.Reason)));
        Assert.All(decisions, one => Assert.Equal(("GrowStorage", "storage", "act"), (one.Function, one.Capability, one.Mode)));
        Assert.Equal(48, decisions[0].Facts.GetProperty("targetGiB").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("""{"outcomes":5}""")]
    public void Decisions_OfAnAnswerWithoutOutcomes_AreNone(string answer) => Assert.Empty(AnswerReading.Decisions("F", Answer(answer)));

    [Fact]
    public void Decisions_OfARunThatBroke_IsThatItFailed()
    {
        var decision = Assert.Single(AnswerReading.Decisions("F", Answer("{}") with { Succeeded = false, ErrorType = "Sandbox.Timedout", ErrorMessage = "after 3 s" }));

        Assert.Equal(("failed", "Sandbox.Timedout", "after 3 s"), (decision.Decision, decision.Reason, decision.Summary));
    }

    [Fact]
    public void Outages_OfAFailover_AreItsWays()
    {
        var outages = OutageReading.Of(new EndedFailover(
            new AcceptedFailover("orders", null, true, FailoverScript.BackToSame, Moment(0)),
            new FailoverTruth { Outcome = FailoverOutcome.Switched, AcceptedAt = Moment(0), KilledAt = Moment(1), ServingAt = Moment(3), ProxyServingAt = Moment(2) })).ToList();

        Assert.Equal([("writer", 2d), ("proxy", 1d)], outages.Select(outage => (outage.Way, (outage.To - outage.From).TotalSeconds)));
    }

    [Fact]
    public void Outages_OfAFailoverThatNeverWas_AreNone() => Assert.Empty(OutageReading.Of(new EndedFailover(
        new AcceptedFailover("orders", null, true, FailoverScript.BackToSame, Moment(0)),
        new FailoverTruth { Outcome = FailoverOutcome.Abandoned, AcceptedAt = Moment(0) })));

    [Fact]
    public void Measured_OfAnOutage_IsWhatTheNextTestSaysOfItsWay()
    {
        RunDecision Test(double at, long direct) => Recorded.Decision("acted", "passed",
            $$"""{"paths":[{"path":"writer","writeDowntimeMs":{{direct}}},{"path":"proxy","writeDowntimeMs":1},{"path":"writer","writeDowntimeMs":{{direct + 1}}}]}""") with { At = Recorded.At(at) };

        Assert.Equal([2031, 2032], OutageReading.Measured(new RunOutage("orders", "writer", Recorded.At(10), Recorded.At(12), []), [Test(5, 7), Test(30, 9), Test(20, 2031)]));
    }

    [Fact]
    public void Figures_OfInvocations_AreByFunction()
    {
        var figures = Assert.Single(FunctionFigures.Of(Recorded.Night.Invocations));

        Assert.Equal((3, 1, 0), (figures.Invocations, figures.ColdStarts, figures.Failures));
        Assert.Equal(new Spread(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(120)), figures.Run);
        Assert.Equal(TimeSpan.FromMilliseconds(300), figures.Init?.Median);
        Assert.Equal(TimeSpan.FromMilliseconds(540), figures.Billed);
    }

    [Fact]
    public void Spread_OfAnEvenNumber_MedianIsBetweenTheTwo() =>
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), Spread.Of([.. new[] { 4, 1, 3, 2 }.Select(ms => TimeSpan.FromMilliseconds(ms))])?.Median);

    [Theory]
    [InlineData(80d, 90d, true)] // filling up
    [InlineData(90d, 80d, false)] // sessions end
    [InlineData(95d, 95d, false)] // all are taken: a login is refused, and takes nothing
    [InlineData(10d, 40d, false)] // far from full
    [InlineData(null, 90d, true)]
    [InlineData(90d, null, false)]
    public void Probe_NearTheLastSlot_StaysAwayWhileTheyAreTaken(double? before, double? now, bool expected) =>
        Assert.Equal(expected, ProbeRules.IsInTheWay(before, now, 100));

    private static Automation.Lab.Failover.Moment Moment(double seconds) => new(Recorded.At(seconds), 0);

    private static InvocationResult Answer(string payload) => new()
    {
        RequestId = "1",
        Succeeded = true,
        Payload = Encoding.UTF8.GetBytes(payload),
        Report = new InvocationReport { RequestId = "1", Duration = TimeSpan.FromMilliseconds(5), MemorySizeMB = 512, MaxMemoryUsedMB = 90 },
    };
}
