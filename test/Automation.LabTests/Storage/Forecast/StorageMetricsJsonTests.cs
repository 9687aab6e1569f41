using System.Net;
using System.Text.Json;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;
using Automation.Storage.Forecast;

namespace Automation.LabTests.Storage.Forecast;

/// <summary>What moto never says: pages, partial answers, messages. In the JSON that the generated client speaks; the published one speaks CBOR.</summary>
public sealed class StorageMetricsJsonTests
{
    private static readonly MetricSeries One = new(StorageMetric.FreeStorageSpace, "one");
    private static readonly MetricSeries Other = new(StorageMetric.VolumeBytesUsed, "other");

    private readonly MetricWindow window = MetricWindow.OfForecast(new DateTimeOffset(2026, 3, 18, 12, 0, 0, TimeSpan.Zero));
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_TwoPages_AreFollowedAndPutTogether()
    {
        var (points, asked) = await ReadAsync(
            """{"MetricDataResults":[{"Id":"s0","Timestamps":[1773730800],"Values":[5],"StatusCode":"PartialData"}],"NextToken":"further"}""",
            """{"MetricDataResults":[{"Id":"s0","Timestamps":[1773734400],"Values":[6],"StatusCode":"Complete"},{"Id":"s1","Timestamps":[],"Values":[],"StatusCode":"Complete"}]}""");

        Assert.Equal([5.0, 6.0], points[One].Readings.Select(reading => reading.Bytes));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1773734400), points[One].Readings[1].At);
        Assert.Empty(points[Other].Readings);
        Assert.All(points.Values, one => Assert.Null(one.Fault));
        Assert.Equal(["", "further"], asked.Select(request => request.TryGetProperty("NextToken", out var token) ? token.GetString()! : ""));
        var query = asked[0].GetProperty("MetricDataQueries")[1].GetProperty("MetricStat");
        Assert.Equal((3600, "Average"), (query.GetProperty("Period").GetInt32(), query.GetProperty("Stat").GetString()));
    }

    [Theory]
    [InlineData("""{"MetricDataResults":[{"Id":"s0","Timestamps":[1773730800],"Values":[5],"StatusCode":"PartialData"},{"Id":"s1","StatusCode":"Complete"}]}""",
        "CloudWatch may not have told every reading: its answer is PartialData.", null)]
    [InlineData("""{"MetricDataResults":[{"Id":"s0","StatusCode":"Forbidden","Messages":[{"Code":"Denied","Value":"no\nentry"}]},{"Id":"s1","StatusCode":"Complete"}]}""",
        "CloudWatch may not have told every reading: its answer is Forbidden; Denied: no\\u000aentry.", null)]
    [InlineData("""{"MetricDataResults":[{"Id":"s0","StatusCode":"Complete"},{"Id":"s1","StatusCode":"InternalError"}],"Messages":[{"Code":"Busy","Value":"later"}]}""",
        "CloudWatch may not have told every reading: Busy: later.", "CloudWatch may not have told every reading: its answer is InternalError; Busy: later.")]
    [InlineData("""{"MetricDataResults":[{"Id":"s1","StatusCode":"Complete"},{"Id":"stranger","Timestamps":[1773730800],"Values":[5],"StatusCode":"Complete"}]}""",
        "CloudWatch may not have told every reading: it did not answer for this series.", null)]
    public async Task Read_AnswerThatIsNotWhole_SaysSoOfThatSeries(string answer, string fault, string? otherFault)
    {
        var (points, _) = await ReadAsync(answer);

        Assert.Equal((fault, otherFault), (points[One].Fault, points[Other].Fault));
    }

    private async Task<(IReadOnlyDictionary<MetricSeries, MetricPoints> Points, List<JsonElement> Asked)> ReadAsync(params string[] answers)
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, [.. answers.Select(answer => new ScriptedAnswer(HttpStatusCode.OK, answer, "application/x-amz-json-1.0"))]);
        using var clients = new LabClients(server.Uri, LabClients.Anybody, MotoFixture.Region);
        var points = await new CloudWatchStorageMetrics(clients.CloudWatch).ReadAsync([One, Other], window, cancellation);
        return (points, [.. server.Received.Select(request => JsonDocument.Parse(request.Text).RootElement)]);
    }
}
