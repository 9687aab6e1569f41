using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Events;
using static Automation.Tests.Events.Alarms;

namespace Automation.Tests.Events;

public sealed class AlarmStateChangeReaderTests
{
    [Fact]
    public void Read_EventBridge_TakesEveryPart()
    {
        var alarm = EventBridge().Read();

        Assert.Equal("orders-connections", alarm.AlarmName);
        Assert.Equal(Arn, alarm.AlarmArn);
        Assert.Equal("123456789012", alarm.Account);
        Assert.Equal("us-east-1", alarm.Region);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero), alarm.Time);
        Assert.Equal("ALARM", alarm.State.Value);
        Assert.Equal(ChangedAt, alarm.State.Timestamp);
        Assert.Equal("Threshold Crossed: 1 out of 1", alarm.State.Reason);
        Assert.Equal([99.5], alarm.State.Evidence!.RecentDatapoints);
        Assert.Null(alarm.CompositeRule);
        var metric = Assert.Single(alarm.Metrics);
        Assert.Equal(("m1", "AWS/RDS", "DatabaseConnections"), (metric.Id, metric.Namespace, metric.Name));
        Assert.Equal((60, "Average", true), (metric.Period, metric.Statistic, metric.ReturnData));
        Assert.Equal("orders", metric.Dimensions["DBInstanceIdentifier"]);
    }

    [Fact]
    public void Read_DirectAction_IsTheSameAlarmWithoutEvidence()
    {
        var direct = DirectAction().Read();
        var through = EventBridge().Read();

        Assert.Equal((through.AlarmName, through.AlarmArn, through.Account, through.Region), (direct.AlarmName, direct.AlarmArn, direct.Account, direct.Region));
        Assert.Equal(ChangedAt, direct.State.Timestamp);
        Assert.Equal("orders", Assert.Single(direct.Metrics).Dimensions["DBInstanceIdentifier"]);
        Assert.Null(direct.State.Evidence);
    }

    [Fact]
    public void Read_MetricMath_KeepsExpressionAndAccount()
    {
        var metric = Metric("DatabaseConnections", ("DBInstanceIdentifier", "orders")).With("accountId", "999999999999").With("returnData", false);

        var alarm = EventBridge(Expression("m1/100"), metric).Read();

        Assert.Equal(["m1/100", null], alarm.Metrics.Select(line => line.Expression));
        Assert.Equal([null, "999999999999"], alarm.Metrics.Select(line => line.AccountId));
        Assert.Equal([true, false], alarm.Metrics.Select(line => line.ReturnData));
        Assert.Empty(alarm.Metrics[0].Dimensions);
    }

    [Fact]
    public void Read_Composite_KeepsRuleSuppressionAndTriggers()
    {
        var alarm = EventBridge()
            .With("detail.configuration", JsonNode.Parse("""{"alarmRule":"ALARM(a) OR ALARM(b)","actionsSuppressor":"s"}"""))
            .With("detail.state.actionsSuppressedBy", "Alarm")
            .With("detail.state.actionsSuppressedReason", "Actions suppressed by s")
            .With("detail.state.reasonData", """{"triggeringAlarms":[{"arn":"arn:a","state":{"value":"ALARM"}},{"arn":7},null]}""")
            .Read();

        Assert.Equal("ALARM(a) OR ALARM(b)", alarm.CompositeRule);
        Assert.Equal(("Alarm", "Actions suppressed by s"), (alarm.State.ActionsSuppressedBy, alarm.State.ActionsSuppressedReason));
        Assert.Equal(["arn:a"], alarm.State.Evidence!.TriggeringAlarms);
        Assert.Empty(alarm.Metrics);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00.989+0000")]
    [InlineData("2026-03-01T12:00:00.989Z")]
    [InlineData("2026-03-01T12:00:00.989+00:00")]
    [InlineData("2026-03-01T13:30:00.989+0130")]
    public void Read_Timestamp_InEveryFormOfAws_IsUtc(string text)
    {
        var at = EventBridge().With("detail.state.timestamp", text).Read().State.Timestamp;

        Assert.Equal((ChangedAt, TimeSpan.Zero), (at, at.Offset));
    }

    [Theory]
    [InlineData("""{"recentDatapoints":[1.5,null,2]}""", new[] { 1.5, 2 })]
    [InlineData("""{"recentDatapoints":[null]}""", new double[0])]
    [InlineData("""{"recentDatapoints":["7",true,{},1e999]}""", new double[0])]
    [InlineData("""{"recentDatapoints":7}""", new double[0])]
    [InlineData("""{"recentDatapoints":[9""", new double[0])]
    [InlineData("[]", new double[0])]
    [InlineData("not json", new double[0])]
    [InlineData("", new double[0])]
    [InlineData("""{"triggeringAlarms":[{"arn":"\ud800"}],"recentDatapoints":[1]}""", new double[0])]
    public void Read_ReasonData_KeepsNumbersAndNeverFails(string reasonData, double[] expected) =>
        Assert.Equal(expected, EventBridge().With("detail.state.reasonData", reasonData).Read().State.Evidence!.RecentDatapoints);

    [Fact]
    public void Read_EvaluatedDatapoints_AreCounted()
    {
        var reasonData = """{"recentDatapoints":[],"evaluatedDatapoints":[{"timestamp":"a"},{"timestamp":"b"}]}""";

        Assert.Equal(2, EventBridge().With("detail.state.reasonData", reasonData).Read().State.Evidence!.EvaluatedDatapoints);
    }

    public static TheoryData<string, string?, string> WrongEvents => new()
    {
        { "source", "\"aws.rds\"", "source: expected \"aws.cloudwatch\", found \"aws.rds\"" },
        { "source", null, "source: expected a string, found nothing" },
        { "detail-type", "\"CloudWatch Alarm Configuration Change\"", "detail-type: expected \"CloudWatch Alarm State Change\", found \"CloudWatch Alarm Configuration Change\"" },
        { "detail", null, "detail: expected an object, found nothing" },
        { "detail", "[]", "detail: expected an object, found an array" },
        { "resources", "[]", "resources: expected the alarm's ARN, found an empty array" },
        { "resources", "[null]", "resources[0]: expected a string, found null" },
        { "time", "\"yesterday\"", "time: expected a time like 2019-10-02T17:04:40.989+0000, found \"yesterday\"" },
        { "account", "123456789012", "account: expected a string, found a number" },
        { "detail.alarmName", "true", "detail.alarmName: expected a string, found true or false" },
        { "detail.configuration", null, "detail.configuration: expected an object, found nothing" },
        { "detail.configuration.metrics", "{}", "detail.configuration.metrics: expected an array, found an object" },
        { "detail.configuration.metrics", "[7]", "detail.configuration.metrics[0]: expected an object, found a number" },
        { "detail.configuration.metrics", """[{"metricStat":{"metric":{"name":5}}}]""", "detail.configuration.metrics[0].metricStat.metric.name: expected a string, found a number" },
        { "detail.configuration.metrics", """[{"metricStat":{"metric":{"dimensions":{"DBInstanceIdentifier":["a"]}}}}]""",
            "detail.configuration.metrics[0].metricStat.metric.dimensions.DBInstanceIdentifier: expected a string, found an array" },
        { "detail.configuration.metrics", """[{"metricStat":{}}]""", "detail.configuration.metrics[0].metricStat.metric: expected an object, found nothing" },
        { "detail.configuration.metrics", """[{"metricStat":{"metric":{},"period":1.5}}]""", "detail.configuration.metrics[0].metricStat.period: expected a whole number, found a number" },
        { "detail.state", "null", "detail.state: expected an object, found null" },
        { "detail.state.value", "7", "detail.state.value: expected a string, found a number" },
        { "detail.state.timestamp", "\"2026-03-01T12:00:00\"", "detail.state.timestamp: expected a time like 2019-10-02T17:04:40.989+0000, found \"2026-03-01T12:00:00\"" },
        { "detail.state.reasonData", "{}", "detail.state.reasonData: expected a string, found an object" },
    };

    [Theory]
    [MemberData(nameof(WrongEvents))]
    public void Read_WrongField_NamesFieldExpectationAndFinding(string path, string? json, string message)
    {
        var input = json is null ? EventBridge().Without(path) : EventBridge().With(path, JsonNode.Parse(json));

        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => input.Read()).Message);
    }

    [Theory]
    [InlineData("null", "event: expected an object, found null")]
    [InlineData("[]", "event: expected an object, found an array")]
    [InlineData("\"text\"", "event: expected an object, found a string")]
    [InlineData("{}", "source: expected a string, found nothing")]
    [InlineData("""{"detail":{"database":"orders"}}""", "source: expected a string, found nothing")]
    [InlineData("""{"source":"aws.cloudwatch","alarmData":[]}""", "alarmArn: expected a string, found nothing")]
    [InlineData("""{"source":"\ud800"}""", "source: expected valid text, found an invalid character")]
    public void Read_SomethingElse_IsAnErrorThatNamesTheField(string json, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => AlarmStateChangeReader.Read(JsonElement.Parse(json))).Message);

    [Fact]
    public void Read_HostileFoundText_StaysOnOneShortLine()
    {
        var input = EventBridge().With("source", "aws\r\n{\"level\":\"forged\"}\u2028" + new string('x', 100_000));

        var message = Assert.Throws<InvalidInputException>(() => input.Read()).Message;

        Assert.DoesNotContain(message, c => char.IsControl(c) || c == '\u2028');
        Assert.InRange(message.Length, 1, 200);
    }

    [Fact]
    public void Read_DuplicateField_TakesTheLast()
    {
        var json = EventBridge().ToJsonString().Replace("\"value\":\"ALARM\"", "\"value\":\"OK\",\"value\":\"ALARM\"", StringComparison.Ordinal);

        Assert.Equal("ALARM", AlarmStateChangeReader.Read(JsonElement.Parse(json)).State.Value);
    }
}
