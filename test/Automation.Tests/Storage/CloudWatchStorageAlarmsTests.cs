using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Storage;
using NSubstitute;

namespace Automation.Tests.Storage;

/// <summary>Which of CloudWatch's alarms are on the free storage of an instance, and what their thresholds mean.</summary>
public sealed class CloudWatchStorageAlarmsTests
{
    [Fact]
    public async Task List_Pages_AreReadToTheEnd()
    {
        var asked = new List<(string? Token, int? Most, string Types)>();
        var cloudWatch = Substitute.For<IAmazonCloudWatch>();
        cloudWatch.DescribeAlarmsAsync(Arg.Any<DescribeAlarmsRequest>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            // The request is one object that the client reuses: what it said is noted now.
            var request = call.Arg<DescribeAlarmsRequest>();
            asked.Add((request.NextToken, request.MaxRecords, string.Join(' ', request.AlarmTypes)));
            return request.NextToken switch
            {
                null => new DescribeAlarmsResponse { MetricAlarms = [Single("first", "orders")], NextToken = "2" },
                // A page may be empty, or not there at all, and another follow.
                "2" => new DescribeAlarmsResponse { NextToken = "3" },
                _ => new DescribeAlarmsResponse { MetricAlarms = [Single("last", "invoices")], NextToken = "" },
            };
        });

        var found = await new CloudWatchStorageAlarms(cloudWatch).ListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([("first", "orders"), ("last", "invoices")], found.Select(alarm => (alarm.Name, alarm.InstanceId)));
        Assert.Equal([(null, 100, "MetricAlarm"), ("2", 100, "MetricAlarm"), ("3", 100, "MetricAlarm")], asked);
    }

    [Theory]
    [InlineData("LessThanThreshold", 10737418240d)]
    [InlineData("LessThanOrEqualToThreshold", 10737418240d)]
    [InlineData("GreaterThanThreshold", null)]
    [InlineData("GreaterThanOrEqualToThreshold", null)]
    [InlineData("LessThanLowerThreshold", null)] // anomaly detection
    public async Task List_Threshold_IsOneOnlyBelowWhichTheAlarmIsRaised(string comparison, double? threshold)
    {
        var alarm = Single("orders-free-storage", "orders");
        alarm.ComparisonOperator = new ComparisonOperator(comparison);

        Assert.Equal([new StorageAlarm("orders-free-storage", "orders", threshold, false)], await ListAsync(alarm));
    }

    [Theory]
    [InlineData("AWS/RDS", "DatabaseConnections")]
    [InlineData("AWS/RDS", "FreeLocalStorage")]
    [InlineData("AWS/RDS", "FreeableMemory")]
    [InlineData("Custom", "FreeStorageSpace")]
    public async Task List_AlarmOnAnotherMetric_IsLeftOut(string @namespace, string metric)
    {
        var alarm = Single("other", "orders");
        (alarm.Namespace, alarm.MetricName) = (@namespace, metric);

        Assert.Empty(await ListAsync(alarm));
    }

    // Of all instances of a class, or of an engine: nobody knows which one it is about.
    [Fact]
    public async Task List_AlarmWithoutAnInstance_IsLeftOut()
    {
        var byClass = Single("by-class", "orders");
        byClass.Dimensions = [new Dimension { Name = "DatabaseClass", Value = "db.m7g.large" }];
        var none = Single("none", "orders");
        none.Dimensions = null;

        Assert.Empty(await ListAsync(byClass, none));
    }

    [Fact]
    public async Task List_MetricMath_NamesItsInstanceButNoThreshold()
    {
        var alarm = Math("percent", Query("m1", "AWS/RDS", "FreeStorageSpace", "orders"), new MetricDataQuery { Id = "e1", Expression = "100*m1/107374182400" });

        Assert.Equal([new StorageAlarm("percent", "orders", null, false)], await ListAsync(alarm));
    }

    [Fact]
    public async Task List_MetricMathOverSeveral_IsOneOfEachInstance()
    {
        var alarm = Math("several", Query("m1", "AWS/RDS", "FreeStorageSpace", "orders"), Query("m2", "AWS/RDS", "FreeStorageSpace", "invoices"), Query("m3", "AWS/RDS", "FreeStorageSpace", "ORDERS"));

        Assert.Equal(["orders", "invoices"], (await ListAsync(alarm)).Select(one => one.InstanceId));
    }

    [Fact]
    public async Task List_MetricMathOnOtherMetrics_IsLeftOut() =>
        Assert.Empty(await ListAsync(Math("other", Query("m1", "AWS/RDS", "CPUUtilization", "orders"), Query("m2", "Custom", "FreeStorageSpace", "orders"))));

    [Theory]
    [InlineData("breaching", true)]
    [InlineData("notBreaching", false)]
    [InlineData("missing", false)]
    [InlineData("ignore", false)]
    [InlineData(null, false)]
    public async Task List_MissingData_IsBreachingOnlyWhereItSaysSo(string? treatment, bool breaches)
    {
        var alarm = Single("orders-free-storage", "orders");
        alarm.TreatMissingData = treatment;

        Assert.Equal(breaches, Assert.Single(await ListAsync(alarm)).BreachesWithoutData);
    }

    // RDS stores identifiers in lower case and dimensions keep what was typed; a name goes into a message of one line.
    [Fact]
    public async Task List_Names_AreComparableAndPrintable()
    {
        var found = Assert.Single(await ListAsync(Single("two\nlines", "Orders")));

        Assert.Equal("orders", found.InstanceId);
        Assert.DoesNotContain('\n', found.Name);
    }

    private static async Task<IReadOnlyList<StorageAlarm>> ListAsync(params MetricAlarm[] alarms)
    {
        var cloudWatch = Substitute.For<IAmazonCloudWatch>();
        cloudWatch.DescribeAlarmsAsync(Arg.Any<DescribeAlarmsRequest>(), Arg.Any<CancellationToken>()).Returns(new DescribeAlarmsResponse { MetricAlarms = [.. alarms] });
        return await new CloudWatchStorageAlarms(cloudWatch).ListAsync(TestContext.Current.CancellationToken);
    }

    private static MetricAlarm Single(string name, string instance) => new()
    {
        AlarmName = name,
        Namespace = "AWS/RDS",
        MetricName = "FreeStorageSpace",
        Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = instance }],
        ComparisonOperator = ComparisonOperator.LessThanThreshold,
        Threshold = 10737418240,
        TreatMissingData = "missing",
    };

    private static MetricAlarm Math(string name, params MetricDataQuery[] metrics) => new()
    {
        AlarmName = name,
        Metrics = [.. metrics],
        ComparisonOperator = ComparisonOperator.LessThanThreshold,
        Threshold = 10,
    };

    private static MetricDataQuery Query(string id, string @namespace, string metric, string instance) => new()
    {
        Id = id,
        MetricStat = new MetricStat
        {
            Metric = new Metric { Namespace = @namespace, MetricName = metric, Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = instance }] },
            Period = 60,
            Stat = "Minimum",
        },
    };
}
