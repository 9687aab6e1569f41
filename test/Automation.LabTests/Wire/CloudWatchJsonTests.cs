using System.Net;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.Runtime;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>Answers in the JSON that the generated client speaks; the published one speaks CBOR.</summary>
public sealed class CloudWatchJsonTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetAlarmState_QueryErrorInAHeader_HasThatCode()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(
            HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.cloudwatch.v2010_08_01#InvalidFormatFault","message":"not JSON"}""", "application/x-amz-json-1.0")
        {
            Headers = { ["x-amzn-query-error"] = "InvalidFormat;Sender" },
        });
        using var metrics = CloudWatch(server);

        var error = await Assert.ThrowsAsync<InvalidFormatException>(() => metrics.SetAlarmStateAsync(
            new SetAlarmStateRequest { AlarmName = "a", StateValue = StateValue.OK, StateReason = "r" }, cancellation));

        Assert.Equal("InvalidFormat", error.ErrorCode);
        Assert.Equal("not JSON", error.Message);
        Assert.Equal(ErrorType.Sender, error.ErrorType);
    }

    [Fact]
    public async Task PutMetricData_LargeRequest_IsCompressed()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "{}", "application/x-amz-json-1.0"));
        using var metrics = CloudWatch(server);

        await metrics.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "Tests",
            MetricData = [.. Enumerable.Range(0, 500).Select(i => new MetricDatum { MetricName = "Used", Value = i })],
        }, cancellation);

        var request = Assert.Single(server.Received);
        Assert.Equal("gzip", request.Headers["Content-Encoding"]);
        Assert.Contains("\"Value\":499", request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DescribeAlarmHistory_AnItem_HasTypeAndTime()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, """
            {"AlarmHistoryItems":[{"AlarmName":"a","HistoryItemType":"StateUpdate","Timestamp":1795254240.25,"HistorySummary":"Größe","HistoryData":null}]}
            """, "application/x-amz-json-1.0"));
        using var metrics = CloudWatch(server);

        var response = await metrics.DescribeAlarmHistoryAsync(new DescribeAlarmHistoryRequest { AlarmName = "a" }, cancellation);

        var item = Assert.Single(response.AlarmHistoryItems);
        Assert.Same(HistoryItemType.StateUpdate, item.HistoryItemType);
        Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1795254240250), item.Timestamp);
        Assert.Equal("Größe", item.HistorySummary);
        Assert.Null(item.HistoryData);
    }

    private static AmazonCloudWatchClient CloudWatch(ScriptedServer server) =>
        new(LabClients.Anybody, new AmazonCloudWatchConfig { ServiceURL = server.Uri.AbsoluteUri, AuthenticationRegion = MotoFixture.Region });
}
