using System.Text.Json.Nodes;
using Automation.Lab.Template;
using Automation.Storage;
using Automation.Telemetry;

namespace Automation.Tests.Template;

/// <summary>The alarms that the template creates for one database are such as the functions can use; those on snapshots see every database.</summary>
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

    [Fact]
    public void StorageAlarm_WithoutADatabase_IsNotCreated() =>
        Assert.DoesNotContain(TemplateTree.Deployed().Alarms, a => a.LogicalId == "StorageAlarm");

    // The least free space of each of five minutes: a value of the past few minutes, and no single dip.
    [Fact]
    public void StorageAlarm_ForADatabase_IsRaisedBelowTheFreeBytesThatAreGiven()
    {
        var alarm = OnStorage();
        var metric = Assert.Single(alarm.Metrics).Statistic!;

        Assert.Equal(("AWS/RDS", "FreeStorageSpace"), (metric.Namespace, metric.MetricName));
        Assert.Equal(new Dictionary<string, string> { ["DBInstanceIdentifier"] = "orders" }, metric.Dimensions);
        Assert.Equal(("Minimum", TimeSpan.FromSeconds(60)), (metric.Statistic, metric.Period));
        Assert.Equal((5, 5, "LessThanThreshold", 10737418240d),
            (alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.ComparisonOperator, alarm.Threshold));
    }

    // As the one on connections: no action because data is absent, and no second delivery.
    [Fact]
    public void StorageAlarm_WithoutData_StaysQuiet_AndHasNoActionOfItsOwn()
    {
        Assert.Equal("missing", OnStorage().TreatMissingData);
        Assert.Empty(OnStorage().AlarmActions);
    }

    // ForecastStorage looks at the template's own alarm too, and would tell of it for ever.
    [Fact]
    public void StorageAlarm_OfATenthOfTheSize_IsOneThatForecastStorageFindsNoFaultWith()
    {
        var alarm = OnStorage();
        var known = new StorageAlarm(alarm.LogicalId, "orders", alarm.Threshold, alarm.TreatMissingData == "breaching");

        Assert.Empty(AlarmRules.Of([known], "orders", 100));
        Assert.NotEmpty(AlarmRules.Of([known], "orders", 300));
    }

    private static TemplateAlarm OnStorage() => TemplateTree
        .Deployed(("StorageAlarmDatabase", "orders"), ("StorageAlarmThreshold", "10737418240")).Alarms
        .Single(a => a.LogicalId == "StorageAlarm");

    [Theory]
    [InlineData("SnapshotAgeAlarm", "SnapshotAgeAlarmHours", "SELECT MAX(SnapshotAgeHours) FROM SCHEMA(RdsAutomation, \"Database\")")]
    [InlineData("OffsiteSnapshotAgeAlarm", "OffsiteSnapshotAgeAlarmHours", "SELECT MAX(OffsiteSnapshotAgeHours) FROM SCHEMA(RdsAutomation, \"Database\")")]
    public void AgeAlarm_InAStackThatActs_AsksForTheOldestAndTellsWhenNobodyMeasuresAnyMore(string id, string parameter, string query)
    {
        var alarm = TemplateTree.Deployed(("Mode", "act"), (parameter, "30")).Alarms.Single(a => a.LogicalId == id);

        Assert.Equal(query, Assert.Single(alarm.Metrics).Expression);
        Assert.Equal(("GreaterThanThreshold", 30d, "missing"), (alarm.ComparisonOperator, alarm.Threshold, alarm.TreatMissingData));
        Assert.EndsWith("NotificationTopic", Assert.Single(alarm.AlarmActions), StringComparison.Ordinal);
        // A new stack begins without data, and nothing has changed by that.
        Assert.EndsWith("NotificationTopic", Assert.Single(alarm.InsufficientDataActions), StringComparison.Ordinal);
    }

    // The names that the code writes, and the one dimension it writes them with.
    [Theory]
    [InlineData("SnapshotAgeAlarm")]
    [InlineData("OffsiteSnapshotAgeAlarm")]
    public void AgeAlarm_AsksForAMetricThatTheCodeWrites(string id)
    {
        using var line = new MemoryStream();
        new TelemetryWriter(line, TimeProvider.System)
            .WriteDatabase("orders", MetricValue.SnapshotAgeHours(TimeSpan.FromHours(1)), MetricValue.OffsiteSnapshotAgeHours(TimeSpan.FromHours(1)));
        var written = JsonNode.Parse(line.ToArray())!["_aws"]!["CloudWatchMetrics"]![0]!;

        var metric = id[..^"Alarm".Length] + "Hours";
        Assert.Contains(metric, written["Metrics"]!.AsArray().Select(m => (string)m!["Name"]!));
        Assert.Equal(
            $"SELECT MAX({metric}) FROM SCHEMA({written["Namespace"]}, \"{written["Dimensions"]![0]![0]}\")",
            (string?)TemplateTree.OfType("AWS::CloudWatch::Alarm")[id]["Metrics"]![0]!["Expression"]);
    }

    // What observes takes nothing, and would be told of for ever; copies are nobody's default.
    [Theory]
    [InlineData("observe", "26", "26", new string[0])]
    [InlineData("act", "0", "0", new string[0])]
    [InlineData("act", "26", "0", new[] { "SnapshotAgeAlarm" })]
    [InlineData("act", "0", "30", new[] { "OffsiteSnapshotAgeAlarm" })]
    public void AgeAlarms_AreThereOnlyInAStackThatActsAndWithHours(string mode, string hours, string offsite, string[] alarms) => Assert.Equal(
        alarms,
        TemplateTree.Deployed(("Mode", mode), ("SnapshotAgeAlarmHours", hours), ("OffsiteSnapshotAgeAlarmHours", offsite)).Alarms
            .Where(a => a.IsInsightsQuery).Select(a => a.LogicalId));
}
