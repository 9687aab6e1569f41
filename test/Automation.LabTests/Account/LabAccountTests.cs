using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Amazon.CloudWatch.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Account;

public sealed class LabAccountTests(MotoFixture moto)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Template_CreatesItsTableAndTopicUnderTheNamesFunctionsGet()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "start", "sa-east-1", cancellation);
        var environment = lab.Account.FunctionEnvironment("Heal");

        var table = (await lab.Application.DynamoDB.DescribeTableAsync(environment["TABLE"], cancellation)).Table;
        Assert.Equal(["pk", "sk"], table.KeySchema.Select(k => k.AttributeName));
        var ttl = await lab.Application.DynamoDB.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = environment["TABLE"] }, cancellation);
        Assert.Equal("expires", ttl.TimeToLiveDescription.AttributeName);
        Assert.NotEmpty((await lab.Application.Sns.GetTopicAttributesAsync(new() { TopicArn = environment["TOPIC"] }, cancellation)).Attributes);
        Assert.Equal(lab.Account.Endpoint.Uri.AbsoluteUri, environment["AWS_ENDPOINT_URL"]);
    }

    // Through the endpoint, as a function does it: with a URL for all services the bucket is in the path.
    [Theory]
    [InlineData("us-east-1")]
    [InlineData("sa-east-1")]
    public async Task Start_TemplateWithABucket_TakesWhatAFunctionStores(string region)
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "bucket", region, cancellation);
        var bucket = lab.Account.FunctionEnvironment("Heal")["BUCKET"];
        using var s3 = new AmazonS3Client(LabClients.Anybody, lab.Once(new AmazonS3Config { ForcePathStyle = true }));

        await s3.PutObjectAsync(new() { BucketName = bucket, Key = "failover/orders/1.html", ContentBody = "<p>passed" }, cancellation);

        using var stored = await s3.GetObjectAsync(bucket, "failover/orders/1.html", cancellation);
        using var reader = new StreamReader(stored.ResponseStream);
        Assert.Equal("<p>passed", await reader.ReadToEndAsync(cancellation));
        Assert.Equal(region, (await s3.GetBucketLocationAsync(bucket, cancellation)).Location.Value is { Length: > 0 } location ? location : "us-east-1");
    }

    // There is no Metrics Insights here; an alarm that nobody can evaluate must not stop the others.
    [Fact]
    public async Task Watch_AlarmOnAQuery_IsLeftOut()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "query", "ap-southeast-3", cancellation);
        lab.Account.Connect(new RecordingInvoker());

        await lab.Account.WatchAsync(cancellation);

        var created = await lab.Application.CloudWatch.DescribeAlarmsAsync(
            new DescribeAlarmsRequest { AlarmNames = ["query-Connections", "query-GaveUp", "query-Oldest"] }, cancellation);
        Assert.Equal(["query-Connections", "query-GaveUp"], created.MetricAlarms.Select(alarm => alarm.AlarmName).Order());
    }

    [Fact]
    public async Task Watch_ValueCrossesTheThreshold_AlarmInvokesTheFunctionOnceAndEndsWhenItFalls()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "storm", "ap-northeast-1", cancellation);
        var (account, functions) = (lab.Account, new RecordingInvoker());
        var connections = 20.0;
        account.Connect(functions);
        account.Metrics.Add(SampledMetric.OfInstance("storm-db", "DatabaseConnections", "Count", _ => ValueTask.FromResult<double?>(connections)));

        await account.WatchAsync(cancellation);
        await TransitionAsync(account, "Connections", AlarmState.Ok);
        Assert.Empty(functions.Payloads);
        connections = 95;
        var alarm = await TransitionAsync(account, "Connections", AlarmState.Alarm);
        connections = 30;
        await TransitionAsync(account, "Connections", AlarmState.Ok, after: alarm);
        await account.Bus.IdleAsync(cancellation);

        // One event for each change to ALARM (a machine under load may leave a gap in the samples, and with it a second change).
        Assert.Equal(account.Alarms.Transitions.Entries.Count(t => t.Alarm.LogicalId == "Connections" && t.Current.State == AlarmState.Alarm), functions.Payloads.Count);
        var detail = JsonElement.Parse(functions.Payloads.First()).GetProperty("detail");
        Assert.Equal("storm-Connections", detail.GetProperty("alarmName").GetString());
        Assert.Equal("storm-db", detail.GetProperty("configuration").GetProperty("metrics")[0].GetProperty("metricStat")
            .GetProperty("metric").GetProperty("dimensions").GetProperty("DBInstanceIdentifier").GetString());
        Assert.Equal((alarm.Previous.State.Wire(), "ALARM"), (detail.GetProperty("previousState").GetProperty("value").GetString(), detail.GetProperty("state").GetProperty("value").GetString()));
        var data = JsonElement.Parse(detail.GetProperty("state").GetProperty("reasonData").GetString()!);
        Assert.Equal((60, 2), (data.GetProperty("period").GetInt32(), data.GetProperty("recentDatapoints").GetArrayLength()));
        Assert.All(data.GetProperty("recentDatapoints").EnumerateArray(), point => Assert.InRange(point.GetDouble(), 80.001, 95));
        Assert.Equal(TaskStatus.WaitingForActivation, account.Watching.Status);
    }

    [Fact]
    public async Task Watch_StateChange_IsWhatDescribeAlarmsShows()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "shown", "ap-northeast-2", cancellation);
        var account = lab.Account;
        account.Connect(new RecordingInvoker());
        account.Metrics.Add(SampledMetric.OfInstance("shown-db", "DatabaseConnections", "Count", _ => ValueTask.FromResult<double?>(95)));

        await account.WatchAsync(cancellation);
        var transition = await TransitionAsync(account, "Connections", AlarmState.Alarm);

        var shown = Assert.Single((await lab.Application.CloudWatch.DescribeAlarmsAsync(
            new DescribeAlarmsRequest { AlarmNames = ["shown-Connections"] }, cancellation)).MetricAlarms);
        Assert.Equal(("ALARM", transition.Current.Reason, transition.Current.ReasonData), (shown.StateValue.Value, shown.StateReason, shown.StateReasonData));
        Assert.Equal((60, 2, 80.0), (shown.Period, shown.EvaluationPeriods, shown.Threshold));
    }

    [Fact]
    public async Task Watch_SampleFails_IsAGapAndTheOtherMetricsGoOn()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "gap", "ap-northeast-3", cancellation);
        var account = lab.Account;
        account.Connect(new RecordingInvoker());
        account.Metrics.Add(SampledMetric.OfInstance("gap-other", "DatabaseConnections", "Count", _ => throw new IOException("server is away")));
        account.Metrics.Add(SampledMetric.OfInstance("gap-db", "DatabaseConnections", "Count", _ => ValueTask.FromResult<double?>(95),
            cluster: ("gap-cluster", "WRITER")));

        await account.WatchAsync(cancellation);
        await TransitionAsync(account, "Connections", AlarmState.Alarm);

        Assert.Contains(account.Metrics.Problems.Entries, p => p.Problem == "server is away");
        async Task<int> PointsAsync(params (string, string)[] dimensions) => (await lab.Application.CloudWatch.GetMetricStatisticsAsync(new GetMetricStatisticsRequest
        {
            Namespace = "AWS/RDS",
            MetricName = "DatabaseConnections",
            Dimensions = CloudWatchShapes.Dimensions(SampledMetric.Set(dimensions)),
            StartTime = AccountOnMoto.Clock.Now.AddMinutes(-10).UtcDateTime,
            EndTime = AccountOnMoto.Clock.Now.AddMinutes(1).UtcDateTime,
            Period = 60,
            Statistics = ["Maximum"],
        }, cancellation)).Datapoints?.Count ?? 0;
        Assert.NotEqual(0, await PointsAsync(("DBClusterIdentifier", "gap-cluster"), ("Role", "WRITER")));
        Assert.Equal(0, await PointsAsync(("DBInstanceIdentifier", "gap-other")));
    }

    [Fact]
    public async Task Watch_FunctionGivesUp_TheTemplatesOwnAlarmTellsPeople()
    {
        await using var lab = await AccountOnMoto.StartAsync(moto, "gave-up", "ap-south-1", cancellation);
        var account = lab.Account;
        account.Connect(new RecordingInvoker { Fails = true });
        account.Metrics.Add(SampledMetric.OfInstance("gave-up-db", "DatabaseConnections", "Count", _ => ValueTask.FromResult<double?>(95)));

        await account.WatchAsync(cancellation);
        using var deadline = Deadline();
        var told = await account.Notifications.FirstAsync(n => n.Subject?.StartsWith("ALARM", StringComparison.Ordinal) == true, deadline.Token);

        Assert.Equal("ALARM: \"gave-up-GaveUp\" in ap-south-1", told.Subject);
        Assert.Equal("RetriesExhausted", Assert.Single(account.Bus.DeadLetters.Entries).Reason);
    }

    [Fact]
    public async Task Dispose_WhileAFunctionRuns_EndsAndLeavesNobodyListening()
    {
        var lab = await AccountOnMoto.StartAsync(moto, "dispose", "ap-south-2", cancellation);
        var uri = lab.Account.Endpoint.Uri;
        lab.Account.Connect(new HangingInvoker());
        await lab.Account.WatchAsync(cancellation);
        lab.Account.Bus.Put(JsonElement.Parse("""
            {"id":"1","source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change",
             "detail":{"state":{"value":"ALARM"},"configuration":{"metrics":[{"metricStat":{"metric":{"name":"DatabaseConnections"}}}]}}}
            """));

        await lab.DisposeAsync().AsTask().WaitAsync(Patience, cancellation);

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(uri, cancellation));
    }

    private async Task<AlarmTransition> TransitionAsync(LabAccount account, string alarm, AlarmState state, AlarmTransition? after = null)
    {
        using var deadline = Deadline();
        return await account.Alarms.Transitions.FirstAsync(t => t.Alarm.LogicalId == alarm && t.Current.State == state
            && (after is null || t.Current.At > after.Current.At), deadline.Token);
    }

    private CancellationTokenSource Deadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Patience);
        return source;
    }

    private sealed class RecordingInvoker : IFunctionInvoker
    {
        public bool Fails { get; init; }

        public ConcurrentQueue<string> Payloads { get; } = [];

        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            Payloads.Enqueue(Encoding.UTF8.GetString(payload.Span));
            return Task.FromResult(new FunctionAnswer { Succeeded = !Fails, ErrorType = Fails ? "made-up" : null, ErrorMessage = Fails ? "boom" : null });
        }
    }

    private sealed class HangingInvoker : IFunctionInvoker
    {
        public async Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new FunctionAnswer { Succeeded = true };
        }
    }
}
