using System.Net;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>What the core's pipeline does with answers that moto never gives.</summary>
public sealed class RetryTests
{
    private static readonly ScriptedAnswer Throttled = new(HttpStatusCode.BadRequest, Error("Throttling", "Rate exceeded"));

    private static readonly ScriptedAnswer Instances = new(HttpStatusCode.OK, """
        <DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
          <DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier></DBInstance></DBInstances></DescribeDBInstancesResult>
          <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>
        </DescribeDBInstancesResponse>
        """);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task DescribeDBInstances_ThrottledTwice_AnswersAtLast()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Throttled, Throttled, Instances);
        using var rds = Rds(server, RequestRetryMode.Standard);

        var response = await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);

        Assert.Equal("orders", Assert.Single(response.DBInstances).DBInstanceIdentifier);
        Assert.Equal("r-1", response.ResponseMetadata.RequestId);
        Assert.Equal(3, server.Received.Count);
    }

    [Fact]
    public async Task DescribeDBInstances_ThrottledForEver_SaysSo()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Throttled);
        using var rds = Rds(server, RequestRetryMode.Standard);

        var error = await Assert.ThrowsAsync<AmazonRDSException>(() =>
            rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation));

        Assert.Equal("Throttling", error.ErrorCode);
        Assert.Equal("Rate exceeded", error.Message);
        Assert.Equal("r-2", error.RequestId);
        Assert.Equal(3, server.Received.Count);
    }

    // Not throttled in adaptive mode: the core's own clients give up on that after half a minute without a second request.
    [Theory]
    [InlineData(RequestRetryMode.Standard, "<html><body><h1>503 Service Unavailable</h1></body></html>", "text/html")]
    [InlineData(RequestRetryMode.Standard, "", "text/plain")]
    [InlineData(RequestRetryMode.Adaptive, "", "text/plain")]
    public async Task DescribeDBInstances_ServerErrorWithoutXml_IsTriedAgain(RequestRetryMode mode, string body, string type)
    {
        await using var server = await ScriptedServer.StartAsync(
            cancellation, new ScriptedAnswer(HttpStatusCode.ServiceUnavailable, body, type), Instances);
        using var rds = Rds(server, mode);

        var response = await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);

        Assert.Single(response.DBInstances);
        Assert.Equal(2, server.Received.Count);
    }

    [Fact]
    public async Task RebootDBInstance_RefusedByAPolicy_IsNotTriedAgain()
    {
        await using var server = await ScriptedServer.StartAsync(
            cancellation, new ScriptedAnswer(HttpStatusCode.Forbidden, Error("AccessDenied", "not authorized to perform: rds:RebootDBInstance")));
        using var rds = Rds(server, RequestRetryMode.Standard);

        var error = await Assert.ThrowsAsync<AmazonRDSException>(() =>
            rds.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "orders" }, cancellation));

        Assert.Equal("AccessDenied", error.ErrorCode);
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task RebootDBInstance_ErrorOfAnotherOperation_IsTheServicesOwnException()
    {
        // The published client types an error only where the model declares it for the operation.
        await using var server = await ScriptedServer.StartAsync(
            cancellation, new ScriptedAnswer(HttpStatusCode.BadRequest, Error("DBProxyNotFoundFault", "no proxy")));
        using var rds = Rds(server, RequestRetryMode.Standard);

        var error = await Assert.ThrowsAsync<AmazonRDSException>(() =>
            rds.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "orders" }, cancellation));

        Assert.Equal("DBProxyNotFoundFault", error.ErrorCode);
    }

    [Fact]
    public async Task PutSecretValue_TriedAgain_SendsTheSameToken()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation,
            new ScriptedAnswer(HttpStatusCode.InternalServerError, """{"__type":"InternalServiceError","Message":"try again"}""", "application/x-amz-json-1.1"),
            new ScriptedAnswer(HttpStatusCode.OK, """{"Name":"n"}""", "application/x-amz-json-1.1"));
        using var secrets = new AmazonSecretsManagerClient(
            LabClients.Anybody, new AmazonSecretsManagerConfig { ServiceURL = server.Uri.AbsoluteUri, AuthenticationRegion = MotoFixture.Region });

        await secrets.PutSecretValueAsync(new PutSecretValueRequest { SecretId = "n", SecretString = "v" }, cancellation);

        Assert.Equal(2, server.Received.Count);
        Assert.Equal(server.Received[0].Text, server.Received[1].Text);
        Assert.Contains("ClientRequestToken", server.Received[0].Text, StringComparison.Ordinal);
    }

    private static AmazonRDSClient Rds(ScriptedServer server, RequestRetryMode mode) =>
        new(LabClients.Anybody, new AmazonRDSConfig
        {
            ServiceURL = server.Uri.AbsoluteUri,
            AuthenticationRegion = MotoFixture.Region,
            RetryMode = mode,
            MaxErrorRetry = 2,
        });

    private static string Error(string code, string message) => $"""
        <ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
          <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-2</RequestId>
        </ErrorResponse>
        """;
}
