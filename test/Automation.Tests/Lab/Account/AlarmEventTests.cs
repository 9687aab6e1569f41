using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Account;

/// <summary>The expected events are CloudWatch's own samples with the values of an RDS alarm.</summary>
public sealed class AlarmEventTests
{
    private static readonly DateTimeOffset At = new(2019, 10, 2, 17, 4, 40, 989, TimeSpan.Zero);
    private static readonly TemplateInputs Inputs = new();

    [Fact]
    public void Create_SingleMetric_IsMemberForMemberAsCloudWatchSendsIt()
    {
        var alarm = Connections();
        var verdict = new AlarmVerdict(AlarmState.Alarm, [new AlarmDatapoint(new(2019, 10, 2, 16, 59, 0, TimeSpan.Zero), 99.5)], 0);
        var previous = AlarmRecord.Of(alarm, AlarmState.Alarm, AlarmState.Ok,
            new AlarmVerdict(AlarmState.Ok, [new AlarmDatapoint(new(2019, 10, 1, 13, 46, 0, TimeSpan.Zero), 12)], 0), At.AddDays(-1));
        var current = AlarmRecord.Of(alarm, AlarmState.Ok, AlarmState.Alarm, verdict, At);

        var text = AlarmEvent.Create(alarm, previous, current, Inputs).GetRawText();

        var expected = JsonNode.Parse("""
            {"version":"0","id":"ID","detail-type":"CloudWatch Alarm State Change",
             "source":"aws.cloudwatch","account":"123456789012","time":"2019-10-02T17:04:40Z","region":"us-east-1",
             "resources":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:db1-connections"],
             "detail":{"alarmName":"db1-connections",
              "configuration":{"description":"text","metrics":[{"id":"METRIC",
                "metricStat":{"metric":{"dimensions":{"DBInstanceIdentifier":"db1"},"name":"DatabaseConnections","namespace":"AWS/RDS"},
                "period":60,"stat":"Average"},"returnData":true}]},
              "previousState":{"value":"OK","timestamp":"2019-10-01T17:04:40.989+0000",
                "reason":"Threshold Crossed: 1 out of the last 1 datapoints [12.0 (01/10/19 13:46:00)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).",
                "reasonData":"{\"version\":\"1.0\",\"queryDate\":\"2019-10-01T17:04:40.989+0000\",\"startDate\":\"2019-10-01T13:46:00.000+0000\",\"statistic\":\"Average\",\"period\":60,\"recentDatapoints\":[12.0],\"threshold\":50.0}"},
              "state":{"value":"ALARM","timestamp":"2019-10-02T17:04:40.989+0000",
                "reason":"Threshold Crossed: 1 out of the last 1 datapoints [99.5 (02/10/19 16:59:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).",
                "reasonData":"{\"version\":\"1.0\",\"queryDate\":\"2019-10-02T17:04:40.989+0000\",\"startDate\":\"2019-10-02T16:59:00.000+0000\",\"statistic\":\"Average\",\"period\":60,\"recentDatapoints\":[99.5],\"threshold\":50.0}"}}}
            """)!;
        var actual = JsonNode.Parse(text)!;
        expected["id"] = actual["id"]!.DeepClone();
        expected["detail"]!["configuration"]!["metrics"]![0]!["id"] = actual["detail"]!["configuration"]!["metrics"]![0]!["id"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(expected, actual), text);
        Assert.True(Guid.TryParse((string?)actual["id"], out _));
        Assert.Contains("+0000", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MetricMath_HasExpressionInputsAndNoStatistic()
    {
        var alarm = Connections() with
        {
            IsMetricMath = true,
            Metrics =
            [
                new TemplateMetric { Id = "e1", Expression = "100*m1/m2", Label = "Free percent" },
                new TemplateMetric { Id = "m1", ReturnData = false, Statistic = Statistic("FreeStorageSpace", "Minimum", 300) with { Unit = "Bytes" } },
            ],
        };
        var current = AlarmRecord.Of(alarm, AlarmState.InsufficientData, AlarmState.Alarm,
            new AlarmVerdict(AlarmState.Alarm, [new AlarmDatapoint(At, 8.5)], 0), At);

        var detail = JsonNode.Parse(AlarmEvent.Create(alarm, AlarmRecord.Initial(At), current, Inputs).GetRawText())!["detail"]!;

        Assert.Equal("""[{"expression":"100*m1/m2","id":"e1","label":"Free percent","returnData":true},{"id":"m1","metricStat":{"metric":{"dimensions":{"DBInstanceIdentifier":"db1"},"name":"FreeStorageSpace","namespace":"AWS/RDS"},"period":300,"stat":"Minimum","unit":"Bytes"},"returnData":false}]""",
            detail["configuration"]!["metrics"]!.ToJsonString());
        Assert.Equal("""{"value":"INSUFFICIENT_DATA","timestamp":"2019-10-02T17:04:40.989\u002B0000","reason":"Unchecked: Initial alarm creation"}""",
            detail["previousState"]!.ToJsonString());
        var data = JsonNode.Parse((string)detail["state"]!["reasonData"]!)!.AsObject();
        Assert.False(data.ContainsKey("statistic"));
        Assert.Equal(300, (int)data["period"]!);
    }

    [Theory]
    [InlineData("INSUFFICIENT_DATA", "missing", 0, 1, "Insufficient Data: 1 datapoint was unknown.")]
    [InlineData("INSUFFICIENT_DATA", "missing", 0, 5, "Insufficient Data: 5 datapoints were unknown.")]
    [InlineData("ALARM", "breaching", 0, 1, "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].")]
    [InlineData("OK", "notBreaching", 0, 1, "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].")]
    [InlineData("ALARM", "missing", 2, 0, "Threshold Crossed: 2 out of the last 2 datapoints [2.0 (01/01/24 00:01:00), 1.0 (01/01/24 00:00:00)] were greater than the threshold (50.0) (minimum 2 datapoints for INSUFFICIENT_DATA -> ALARM transition).")]
    public void Reason_OfAState_ReadsAsCloudWatchWritesIt(string wire, string treatment, int real, int filled, string expected)
    {
        var state = Enum.GetValues<AlarmState>().Single(s => s.Wire() == wire);
        var periods = Math.Max(1, real);
        var alarm = Connections() with { TreatMissingData = treatment, EvaluationPeriods = periods, DatapointsToAlarm = periods };
        var points = Enumerable.Range(0, real).Select(i => new AlarmDatapoint(new(2024, 1, 1, 0, i, 0, TimeSpan.Zero), i + 1)).ToArray();

        Assert.Equal(expected, AlarmReason.Of(alarm, AlarmState.InsufficientData, state, new AlarmVerdict(state, points, filled)));
    }

    [Fact]
    public void Message_OfATransition_GoesToTheTopicsOfTheNewState()
    {
        var alarm = Connections() with
        {
            AlarmActions = ["arn:aws:sns:us-east-1:1:people", "arn:aws:lambda:us-east-1:1:function:f"],
            OkActions = ["arn:aws:sns:us-east-1:1:calm"],
        };
        AlarmTransition To(AlarmState state) => new(alarm, AlarmRecord.Initial(At), AlarmRecord.Initial(At) with { State = state });

        var told = Assert.Single(AlarmMessage.Of(To(AlarmState.Alarm), Inputs));
        Assert.Equal(("arn:aws:sns:us-east-1:1:people", "ALARM: \"db1-connections\" in us-east-1"), (told.TopicArn, told.Subject));
        Assert.Equal("ALARM", (string?)JsonNode.Parse(told.TextFor("email"))!["NewStateValue"]);
        Assert.Equal(["arn:aws:sns:us-east-1:1:calm"], AlarmMessage.Of(To(AlarmState.Ok), Inputs).Select(n => n.TopicArn));
        Assert.Empty(AlarmMessage.Of(To(AlarmState.InsufficientData), Inputs));
        Assert.Empty(AlarmMessage.Of(To(AlarmState.Alarm) with { Alarm = alarm with { ActionsEnabled = false } }, Inputs));
    }

    private static MetricStatistic Statistic(string name, string statistic, int seconds) => new()
    {
        Namespace = "AWS/RDS",
        MetricName = name,
        Dimensions = new Dictionary<string, string> { ["DBInstanceIdentifier"] = "db1" },
        Period = TimeSpan.FromSeconds(seconds),
        Statistic = statistic,
    };

    private static TemplateAlarm Connections() => new()
    {
        LogicalId = "A",
        Name = "db1-connections",
        Arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:db1-connections",
        Description = "text",
        Metrics = [new TemplateMetric { Id = "m1", Statistic = Statistic("DatabaseConnections", "Average", 60) }],
        Threshold = 50,
        ComparisonOperator = "GreaterThanThreshold",
        EvaluationPeriods = 1,
        DatapointsToAlarm = 1,
    };
}
