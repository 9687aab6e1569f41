using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class CloudWatchTests(MotoFixture moto)
{
    private static readonly DateTime Start = DateTime.UtcNow.Date.AddHours(-12);
    private readonly IAmazonCloudWatch metrics = moto.Clients.CloudWatch;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutMetricData_ValuesOfADimension_CountInStatistics()
    {
        var database = Given.Name("database");
        await PutAsync(metrics, database, 1.5, 2.5, -4);

        var point = Assert.Single((await StatisticsAsync(database)).Datapoints);

        Assert.Equal(3, point.SampleCount);
        Assert.Equal(0, point.Sum);
        Assert.Equal(-4, point.Minimum);
        Assert.Equal(2.5, point.Maximum);
        Assert.Equal(Start, point.Timestamp);
        Assert.Equal(DateTimeKind.Utc, point.Timestamp!.Value.Kind);
        Assert.Same(StandardUnit.CountSecond, point.Unit);
    }

    [Fact]
    public async Task PutMetricData_NotANumber_IsRefusedByTheService() =>
        await Assert.ThrowsAnyAsync<AmazonCloudWatchException>(() => PutAsync(metrics, Given.Name("database"), double.NaN));

    [Fact]
    public async Task GetMetricStatistics_NoData_HasNoPoints()
    {
        var response = await StatisticsAsync("nothing");

        Assert.Empty(response.Datapoints);
    }

    [Fact]
    public async Task GetMetricData_OneMetric_HasTimesAndValues()
    {
        var database = Given.Name("database");
        await PutAsync(metrics, database, 7);

        var response = await metrics.GetMetricDataAsync(new GetMetricDataRequest
        {
            StartTime = Start.AddMinutes(-5),
            EndTime = Start.AddMinutes(5),
            ScanBy = ScanBy.TimestampAscending,
            MetricDataQueries =
            [
                new MetricDataQuery
                {
                    Id = "m1",
                    MetricStat = new MetricStat
                    {
                        Metric = new Metric { Namespace = "Tests", MetricName = "Used", Dimensions = [DimensionOf(database)] },
                        Period = 60,
                        Stat = "Maximum",
                    },
                },
            ],
        }, cancellation);

        var result = Assert.Single(response.MetricDataResults);
        Assert.Equal("m1", result.Id);
        Assert.Same(StatusCode.Complete, result.StatusCode);
        Assert.Equal([7d], result.Values);
        Assert.Equal([Start], result.Timestamps);
    }

    [Fact]
    public async Task PutMetricAlarm_EveryMember_ComesBack()
    {
        var name = Given.Name("alarm");
        await metrics.PutMetricAlarmAsync(new PutMetricAlarmRequest
        {
            AlarmName = name,
            AlarmDescription = Given.AwkwardText,
            Namespace = "AWS/RDS",
            MetricName = "DatabaseConnections",
            Dimensions = [DimensionOf("orders")],
            Statistic = Statistic.Maximum,
            ComparisonOperator = ComparisonOperator.GreaterThanOrEqualToThreshold,
            Threshold = 85.5,
            Period = 60,
            EvaluationPeriods = 3,
            DatapointsToAlarm = 2,
            TreatMissingData = "notBreaching",
            ActionsEnabled = false,
            AlarmActions = ["arn:aws:sns:eu-central-1:123456789012:topic"],
        }, cancellation);

        var alarm = await AlarmAsync(name);
        Assert.Equal(Given.AwkwardText, alarm.AlarmDescription);
        Assert.Equal(85.5, alarm.Threshold);
        Assert.Equal(2, alarm.DatapointsToAlarm);
        Assert.Same(Statistic.Maximum, alarm.Statistic);
        Assert.Same(ComparisonOperator.GreaterThanOrEqualToThreshold, alarm.ComparisonOperator);
        Assert.False(alarm.ActionsEnabled);
        Assert.Equal("orders", Assert.Single(alarm.Dimensions).Value);
        Assert.Equal("notBreaching", alarm.TreatMissingData);
        Assert.Equal(DateTimeKind.Utc, alarm.AlarmConfigurationUpdatedTimestamp!.Value.Kind);
    }

    [Fact]
    public async Task PutMetricAlarm_MetricMath_KeepsItsQueries()
    {
        var name = Given.Name("alarm");
        await metrics.PutMetricAlarmAsync(new PutMetricAlarmRequest
        {
            AlarmName = name,
            ComparisonOperator = ComparisonOperator.GreaterThanThreshold,
            EvaluationPeriods = 1,
            Threshold = 0.8,
            Metrics =
            [
                new MetricDataQuery { Id = "e1", Expression = "m1/100", ReturnData = true },
                new MetricDataQuery
                {
                    Id = "m1",
                    ReturnData = false,
                    MetricStat = new MetricStat
                    {
                        Metric = new Metric { Namespace = "AWS/RDS", MetricName = "DatabaseConnections", Dimensions = [DimensionOf("orders")] },
                        Period = 60,
                        Stat = "Maximum",
                    },
                },
            ],
        }, cancellation);

        var queries = (await AlarmAsync(name)).Metrics.ToDictionary(q => q.Id);

        Assert.Equal("m1/100", queries["e1"].Expression);
        Assert.True(queries["e1"].ReturnData);
        Assert.Equal("orders", Assert.Single(queries["m1"].MetricStat.Metric.Dimensions).Value);
    }

    [Fact]
    public async Task SetAlarmState_ToAlarm_HasReasonAndTime()
    {
        var name = await WithAlarmAsync(metrics);

        await metrics.SetAlarmStateAsync(new SetAlarmStateRequest
        {
            AlarmName = name,
            StateValue = StateValue.ALARM,
            StateReason = Given.AwkwardText,
            StateReasonData = """{"recentDatapoints":[98.0]}""",
        }, cancellation);

        var alarm = await AlarmAsync(name);
        Assert.Same(StateValue.ALARM, alarm.StateValue);
        Assert.Equal(Given.AwkwardText, alarm.StateReason);
        Assert.Equal("""{"recentDatapoints":[98.0]}""", alarm.StateReasonData);
    }

    [Fact]
    public async Task SetAlarmState_UnknownAlarm_IsTyped()
    {
        var error = await Assert.ThrowsAsync<ResourceNotFoundException>(() => metrics.SetAlarmStateAsync(
            new SetAlarmStateRequest { AlarmName = "nothing", StateValue = StateValue.OK, StateReason = "r" }, cancellation));

        Assert.Equal("ResourceNotFound", error.ErrorCode);
        Assert.IsAssignableFrom<AmazonCloudWatchException>(error);
    }

    [Fact]
    public async Task DescribeAlarms_InAState_PaginatorTakesThose()
    {
        using var own = new LabClients(moto.Server.Uri, LabClients.Anybody, "eu-south-2");
        var wanted = await WithAlarmAsync(own.CloudWatch);
        await WithAlarmAsync(own.CloudWatch);
        await own.CloudWatch.SetAlarmStateAsync(
            new SetAlarmStateRequest { AlarmName = wanted, StateValue = StateValue.ALARM, StateReason = "r" }, cancellation);

        var paginator = own.CloudWatch.Paginators.DescribeAlarms(new DescribeAlarmsRequest { StateValue = StateValue.ALARM });

        Assert.Equal([wanted], (await paginator.MetricAlarms.ToListAsync(cancellation)).Select(a => a.AlarmName));
    }

    [Fact]
    public async Task DeleteAlarms_OneByName_IsGone()
    {
        var name = await WithAlarmAsync(metrics);

        await metrics.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = [name] }, cancellation);

        var response = await metrics.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [name] }, cancellation);
        Assert.Empty(response.MetricAlarms);
    }

    private static Dimension DimensionOf(string database) => new() { Name = "DBInstanceIdentifier", Value = database };

    private Task<PutMetricDataResponse> PutAsync(IAmazonCloudWatch client, string database, params double[] values) =>
        client.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "Tests",
            MetricData =
            [
                .. values.Select(value => new MetricDatum
                {
                    MetricName = "Used",
                    Dimensions = [DimensionOf(database)],
                    Timestamp = Start,
                    Unit = StandardUnit.CountSecond,
                    Value = value,
                }),
            ],
        }, cancellation);

    private Task<GetMetricStatisticsResponse> StatisticsAsync(string database) =>
        metrics.GetMetricStatisticsAsync(new GetMetricStatisticsRequest
        {
            Namespace = "Tests",
            MetricName = "Used",
            Dimensions = [DimensionOf(database)],
            StartTime = Start.AddMinutes(-5),
            EndTime = Start.AddMinutes(5),
            Period = 60,
            Statistics = ["SampleCount", "Sum", "Minimum", "Maximum"],
            Unit = StandardUnit.CountSecond,
        }, cancellation);

    private async Task<string> WithAlarmAsync(IAmazonCloudWatch client)
    {
        var name = Given.Name("alarm");
        await client.PutMetricAlarmAsync(new PutMetricAlarmRequest
        {
            AlarmName = name,
            Namespace = "AWS/RDS",
            MetricName = "DatabaseConnections",
            Statistic = Statistic.Maximum,
            ComparisonOperator = ComparisonOperator.GreaterThanThreshold,
            Threshold = 1,
            Period = 60,
            EvaluationPeriods = 1,
        }, cancellation);
        return name;
    }

    private async Task<MetricAlarm> AlarmAsync(string name)
    {
        var response = await metrics.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [name] }, cancellation);
        return Assert.Single(response.MetricAlarms);
    }
}
