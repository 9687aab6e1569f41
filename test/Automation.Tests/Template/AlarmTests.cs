using Automation.Lab.Template;

namespace Automation.Tests.Template;

/// <summary>The alarm that the template creates for one database is one that RelieveConnections can use.</summary>
public sealed class AlarmTests
{
    [Fact]
    public void ConnectionsAlarm_WithoutADatabase_IsNotCreated() =>
        Assert.DoesNotContain(TemplateTree.Deployed().Alarms, a => a.LogicalId == "ConnectionsAlarm");

    [Fact]
    public void ConnectionsAlarm_ForADatabase_MeasuresItsConnectionsAsAwsRecommends()
    {
        var alarm = Deployed();
        var metric = Assert.Single(alarm.Metrics).Statistic!;

        Assert.Equal(("AWS/RDS", "DatabaseConnections"), (metric.Namespace, metric.MetricName));
        Assert.Equal(new Dictionary<string, string> { ["DBInstanceIdentifier"] = "orders" }, metric.Dimensions);
        Assert.Equal(("Average", TimeSpan.FromSeconds(60)), (metric.Statistic, metric.Period));
        Assert.Equal((5, 5, "GreaterThanThreshold", 77d),
            (alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.ComparisonOperator, alarm.Threshold));
    }

    // An alarm that starts an action must not fire because data is absent.
    [Fact]
    public void ConnectionsAlarm_WithoutData_StaysQuiet() => Assert.Equal("missing", Deployed().TreatMissingData);

    // Delivery is EventBridge's: an action of its own would deliver every event twice.
    [Fact]
    public void ConnectionsAlarm_HasNoActionOfItsOwn() => Assert.Empty(Deployed().AlarmActions);

    private static TemplateAlarm Deployed() => TemplateTree
        .Deployed(("ConnectionsAlarmDatabase", "orders"), ("ConnectionsAlarmThreshold", "77")).Alarms
        .Single(a => a.LogicalId == "ConnectionsAlarm");
}
