using System.Text.Json.Nodes;
using Automation.Events;
using static Automation.Tests.Events.Alarms;

namespace Automation.Tests.Events;

public sealed class AlarmTargetRulesTests
{
    private static JsonNode Band => Expression("ANOMALY_DETECTION_BAND(m1, 2)");

    private static AlarmTarget Find(JsonNode input, TimeSpan? age = null) =>
        AlarmTargetRules.Find(input.Read(), "DatabaseConnections", ChangedAt + (age ?? TimeSpan.FromSeconds(30)));

    private static void AssertRefused(string reason, string saying, AlarmTarget target)
    {
        var refused = Assert.IsType<AlarmTarget.Refused>(target);
        Assert.Equal(reason, refused.Reason);
        Assert.Contains(saying, refused.Sentence, StringComparison.Ordinal);
    }

    private static JsonNode OfInstance(string id) => Metric("DatabaseConnections", ("DBInstanceIdentifier", id));

    private static JsonNode OfCluster(string id, string? role = null) =>
        Metric("DatabaseConnections", role is null ? [("DBClusterIdentifier", id)] : [("DBClusterIdentifier", id), ("Role", role)]);

    [Fact]
    public void Find_SingleMetric_IsTheInstanceInLowerCase() => Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge(OfInstance("Orders"))));

    [Fact]
    public void Find_DirectAction_IsTheInstance() => Assert.Equal(new AlarmTarget.Instance("orders"), Find(DirectAction()));

    [Fact]
    public void Find_MetricMathWithAMetricOfOurOwn_IsTheInstance() => Assert.Equal(
        new AlarmTarget.Instance("orders"),
        Find(EventBridge(Expression("m1/m2"), OfInstance("orders"),
            Metric("UsableSlots", ("DBInstanceIdentifier", "ORDERS")).With("metricStat.metric.namespace", "RdsAutomation"))));

    [Fact]
    public void Find_AnomalyAlarm_IsTheInstance() => Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge(OfInstance("orders"), Band)));

    [Theory]
    [InlineData(null)]
    [InlineData("WRITER")]
    public void Find_ClusterMetric_IsTheCluster(string? role) => Assert.Equal(new AlarmTarget.Cluster("shop"), Find(EventBridge(OfCluster("Shop", role))));

    [Fact]
    public void Find_ReaderMetric_IsRefused() => AssertRefused("reader-metric", "role READER", Find(EventBridge(OfCluster("shop", "READER"))));

    [Theory]
    [InlineData("OK")]
    [InlineData("INSUFFICIENT_DATA")]
    [InlineData("alarm")]
    public void Find_OtherState_IsNotInAlarm(string state) =>
        Assert.Equal(new AlarmTarget.NotInAlarm(state), Find(EventBridge().With("detail.state.value", state)));

    [Fact]
    public void Find_FromAlarmToAlarm_IsTheInstance() =>
        Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge().With("detail.previousState.value", "ALARM")));

    [Fact]
    public void Find_Composite_AsksForTheUnderlyingAlarm()
    {
        var composite = EventBridge()
            .With("detail.configuration", JsonNode.Parse("""{"alarmRule":"ALARM(a) OR ALARM(b)"}"""))
            .With("detail.state.reasonData", """{"triggeringAlarms":[{"arn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"}]}""");

        AssertRefused("composite-alarm", "ALARM(a) OR ALARM(b)", Find(composite));
        AssertRefused("composite-alarm", "alarm:a", Find(composite));
        AssertRefused("composite-alarm", "connect the underlying metric alarm", Find(composite));
    }

    [Fact]
    public void Find_SuppressedComposite_IsRefusedAsSuppressed() => AssertRefused("alarm-suppressed", "WaitPeriod", Find(EventBridge()
        .With("detail.configuration", JsonNode.Parse("""{"alarmRule":"ALARM(a)"}"""))
        .With("detail.state.actionsSuppressedBy", "WaitPeriod")));

    [Theory]
    [InlineData(900, true)]
    [InlineData(901, false)]
    [InlineData(86400, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void Find_Age_IsLimitedBothWays(int seconds, bool taken)
    {
        var target = Find(EventBridge(), TimeSpan.FromSeconds(seconds));

        if (taken) Assert.IsType<AlarmTarget.Instance>(target);
        else AssertRefused("stale-event", "orders-connections", target);
    }

    [Fact]
    public void Find_NoIdentifier_IsRefused() => AssertRefused("no-database", "DBInstanceIdentifier", Find(EventBridge(Metric("DatabaseConnections"))));

    [Fact]
    public void Find_IdentifierOnAnotherMetricOnly_IsRefused() => AssertRefused("no-database", "without the dimension",
        Find(EventBridge(Metric("DatabaseConnections"), Metric("CPUUtilization", ("DBInstanceIdentifier", "orders")))));

    [Theory]
    [InlineData("arn:aws:rds:us-east-1:999999999999:db:orders")]
    [InlineData("")]
    [InlineData("örders")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void Find_WhatIsNoIdentifier_IsRefused(string id) => AssertRefused("no-database", "orders-connections", Find(EventBridge(OfInstance(id))));

    public static TheoryData<JsonNode, JsonNode> Pairs => new()
    {
        { OfInstance("orders"), OfInstance("billing") },
        { OfInstance("orders"), OfCluster("orders") },
        { OfCluster("shop"), OfCluster("stock") },
        { OfInstance("orders"), Metric("CPUUtilization", ("DBInstanceIdentifier", "billing")) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Find_TwoDatabases_IsRefused(JsonNode one, JsonNode other) =>
        AssertRefused("several-databases", "2 databases", Find(EventBridge(Expression("m1+m2"), one.DeepClone(), other.DeepClone())));

    [Fact]
    public void Find_SameDatabaseTwice_IsTheInstance() =>
        Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge(OfInstance("orders"), OfInstance("ORDERS"))));

    [Fact]
    public void Find_AnotherMetric_IsRefused() =>
        AssertRefused("wrong-metric", "AWS/RDS DatabaseConnections", Find(EventBridge(Metric("FreeStorageSpace", ("DBInstanceIdentifier", "orders")))));

    [Fact]
    public void Find_SameNameInAnotherNamespace_IsRefused() =>
        AssertRefused("wrong-metric", "AWS/RDS", Find(EventBridge(OfInstance("orders").With("metricStat.metric.namespace", "Custom"))));

    [Fact]
    public void Find_ExpressionsOnly_IsRefused() => AssertRefused("wrong-metric", "AWS/RDS", Find(EventBridge(Band)));

    [Theory]
    [InlineData("""{"recentDatapoints":[]}""")]
    [InlineData("""{"recentDatapoints":[null,null]}""")]
    [InlineData("{}")]
    [InlineData("""{"recentDatapoints":[99""")]
    public void Find_EvidenceWithoutANumber_IsRefused(string reasonData) =>
        AssertRefused("no-datapoints", "without a single datapoint", Find(EventBridge().With("detail.state.reasonData", reasonData)));

    [Fact]
    public void Find_NoEvidenceAtAll_IsTheInstance() =>
        Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge().Without("detail.state.reasonData")));

    [Fact]
    public void Find_MetricOfAnotherAccount_IsRefused() =>
        AssertRefused("other-account", "999999999999", Find(EventBridge(OfInstance("orders").With("accountId", "999999999999"))));

    [Fact]
    public void Find_MetricOfTheAlarmsOwnAccount_IsTheInstance() =>
        Assert.Equal(new AlarmTarget.Instance("orders"), Find(EventBridge(OfInstance("orders").With("accountId", "123456789012"))));

    [Fact]
    public void Find_HostileAlarmName_StaysOnOneLine()
    {
        var refused = Assert.IsType<AlarmTarget.Refused>(
            Find(EventBridge(Metric("DatabaseConnections")).With("detail.alarmName", "a\r\nERROR forged \u001b[2J\u202e" + new string('x', 9_000))));

        Assert.DoesNotContain(refused.Sentence, c => char.IsControl(c) || c == '\u202e');
        Assert.InRange(refused.Sentence.Length, 1, 500);
    }
}
