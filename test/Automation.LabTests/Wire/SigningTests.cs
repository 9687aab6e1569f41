using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.CloudWatch.Model;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager.Model;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>moto takes any signature: here each is computed again from what arrived, by the published algorithm.</summary>
public sealed class SigningTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_OfEachService_IsSignedForItAndItsRegion()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        using var clients = new LabClients(server.Uri, new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", Secret), "eu-west-3");

        await clients.Rds.AddTagsToResourceAsync(
            new AddTagsToResourceRequest { ResourceName = "arn", Tags = [new() { Key = "k", Value = Given.AwkwardText }] }, cancellation);
        await clients.Sns.DeleteTopicAsync(new DeleteTopicRequest { TopicArn = "arn" }, cancellation);
        await clients.CloudWatch.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = [Given.AwkwardText] }, cancellation);
        await clients.SecretsManager.TagResourceAsync(new TagResourceRequest { SecretId = "s", Tags = [] }, cancellation);

        Assert.Equal(["rds", "sns", "monitoring", "secretsmanager"], server.Received.Select(r => VerifiedService(r, "eu-west-3")));
    }

    [Fact]
    public async Task Request_WithTemporaryCredentials_CarriesTheToken()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, "<Answer/>"));
        using var clients = new LabClients(server.Uri, new SessionAWSCredentials("ASIAIOSFODNN7EXAMPLE", Secret, "the-token"), "eu-west-3");

        await clients.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);

        var request = Assert.Single(server.Received);
        Assert.Equal("the-token", request.Headers["X-Amz-Security-Token"]);
        Assert.Contains("x-amz-security-token", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("rds", VerifiedService(request, "eu-west-3"));
    }

    /// <returns>The service in the credential scope, when the signature is right.</returns>
    private static string VerifiedService(ReceivedRequest request, string region)
    {
        // AWS4-HMAC-SHA256 Credential=AKID/date/region/service/aws4_request, SignedHeaders=a;b, Signature=hex
        var fields = request.Headers["Authorization"]["AWS4-HMAC-SHA256 ".Length..].Split(", ")
            .Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        var scope = fields["Credential"].Split('/')[1..];
        Assert.Equal(region, scope[1]);

        var signed = fields["SignedHeaders"].Split(';');
        Assert.Contains("host", signed);
        Assert.Contains("x-amz-date", signed);
        var canonical = string.Join('\n',
            [request.Method, request.Path, request.Query, .. signed.Select(h => $"{h}:{request.Headers[h].Trim()}"), "", fields["SignedHeaders"], Hex(SHA256.HashData(request.Body))]);
        var text = string.Join('\n',
            "AWS4-HMAC-SHA256", request.Headers["X-Amz-Date"], string.Join('/', scope), Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = scope.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));

        Assert.Equal(Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))), fields["Signature"]);
        return scope[2];
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
