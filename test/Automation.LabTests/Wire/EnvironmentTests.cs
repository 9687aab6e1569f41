using System.Net;
using Amazon;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>The variables are the process's own: nothing else runs while they are set.</summary>
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
[Collection(nameof(EnvironmentTests))]
public sealed class EnvironmentTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndpointUrl_ForEveryService_IsWhereClientsGo()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        using var variable = Set("AWS_ENDPOINT_URL", server.Uri.AbsoluteUri);
        using var region = Set("AWS_REGION", "eu-central-1");

        await CallBothAsync(new AmazonRDSConfig());

        Assert.Equal(2, server.Received.Count);
        Assert.All(server.Received, r => Assert.Contains("/eu-central-1/", r.Headers["Authorization"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task EndpointUrl_OfOneService_GoesBeforeTheGeneralOne()
    {
        await using var general = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        await using var rds = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        using var variable = Set("AWS_ENDPOINT_URL", general.Uri.AbsoluteUri);
        using var special = Set("AWS_ENDPOINT_URL_RDS", rds.Uri.AbsoluteUri);

        await CallBothAsync(new AmazonRDSConfig { RegionEndpoint = RegionEndpoint.EUCentral1 });

        Assert.Equal((1, 1), (general.Received.Count, rds.Received.Count));
        Assert.Contains("Action=DescribeDBInstances", rds.Received[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceUrl_InTheConfiguration_GoesBeforeVariables()
    {
        await using var general = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        await using var configured = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        using var variable = Set("AWS_ENDPOINT_URL", general.Uri.AbsoluteUri);

        await CallBothAsync(new AmazonRDSConfig { ServiceURL = configured.Uri.AbsoluteUri, AuthenticationRegion = "eu-central-1" });

        Assert.Equal((1, 1), (general.Received.Count, configured.Received.Count));
    }

    [Fact]
    public void Endpoint_WithoutVariables_IsTheRegions()
    {
        using var rds = new AmazonRDSClient(LabClients.Anybody, RegionEndpoint.EUCentral1);
        using var china = new AmazonRDSClient(LabClients.Anybody, RegionEndpoint.CNNorth1);

        Assert.Equal("https://rds.eu-central-1.amazonaws.com", rds.DetermineServiceOperationEndpoint(new DescribeEventsRequest()).URL);
        Assert.Equal("https://rds.cn-north-1.amazonaws.com.cn", china.DetermineServiceOperationEndpoint(new DescribeEventsRequest()).URL);
    }

    private async Task CallBothAsync(AmazonRDSConfig config)
    {
        using var rds = new AmazonRDSClient(LabClients.Anybody, config);
        using var sns = new AmazonSimpleNotificationServiceClient(LabClients.Anybody, RegionEndpoint.EUCentral1);
        await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);
        await sns.DeleteTopicAsync(new DeleteTopicRequest { TopicArn = "arn" }, cancellation);
    }

    private static Restore Set(string name, string value)
    {
        var before = Environment.GetEnvironmentVariable(name);
        Change(name, value);
        return new Restore(() => Change(name, before));
    }

    private static void Change(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, value);
        // The core remembers the Region that it found first.
        FallbackRegionFactory.Reset();
    }

    private sealed class Restore(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
