using System.Xml.Linq;
using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Fleet;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Fleet;

public sealed class RdsSecretTargetsTests(MotoFixture moto)
{
    private const string Secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:targets/app-AbCdEf";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly RdsSecretTargets targets = new(moto.Clients.Rds);

    [Fact]
    public async Task Proxies_OfASecret_AreThoseThatHaveItAmongTheirCredentials()
    {
        await CreateAsync("targets-one", new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = Secret, IAMAuth = IAMAuthMode.DISABLED, UserName = "app_a" },
            new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = Secret + "2", IAMAuth = IAMAuthMode.DISABLED, UserName = "app_b" });
        await CreateAsync("targets-tokens", new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = Secret, IAMAuth = IAMAuthMode.REQUIRED });
        await CreateAsync("targets-other", new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = Secret + "3", IAMAuth = IAMAuthMode.DISABLED });

        var proxies = (await targets.ProxiesOfAsync(Secret, cancellation)).OrderBy(proxy => proxy.Name, StringComparer.Ordinal).ToList();

        Assert.Equal(["targets-one", "targets-tokens"], proxies.Select(proxy => proxy.Name));
        Assert.Equal([true, false], proxies.Select(proxy => proxy.TakesPasswords));
        Assert.Equal(["app_a", "app_b"], proxies[0].Users);
        Assert.Empty(proxies[1].Users);
        Assert.All(proxies, proxy => Assert.StartsWith(proxy.Name + ".", proxy.Host, StringComparison.Ordinal));
        Assert.All(proxies, proxy => Assert.Equal(5432, proxy.Port));
    }

    [Fact]
    public async Task Endpoint_OfTheDatabaseATagNames_IsItsWriterEndpoint()
    {
        await moto.Clients.Rds.CreateDBInstanceAsync(new()
        {
            DBInstanceIdentifier = "targets-instance",
            Engine = "postgres",
            DBInstanceClass = "db.t4g.medium",
            AllocatedStorage = 20,
            MasterUsername = "postgres",
            MasterUserPassword = "not-a-real-one",
        }, cancellation);
        await moto.Clients.Rds.CreateDBClusterAsync(new()
        {
            DBClusterIdentifier = "targets-cluster",
            Engine = "aurora-postgresql",
            MasterUsername = "postgres",
            MasterUserPassword = "not-a-real-one",
        }, cancellation);
        var instance = Assert.Single((await moto.Clients.Rds.DescribeDBInstancesAsync(new() { DBInstanceIdentifier = "targets-instance" }, cancellation)).DBInstances);
        var cluster = Assert.Single((await moto.Clients.Rds.DescribeDBClustersAsync(new() { DBClusterIdentifier = "targets-cluster" }, cancellation)).DBClusters);

        Assert.Equal(instance.Endpoint.Address, await targets.EndpointOfAsync(instance.DBInstanceArn, cancellation));
        Assert.Equal(cluster.Endpoint, await targets.EndpointOfAsync(cluster.DBClusterArn, cancellation));
        Assert.Null(await targets.EndpointOfAsync("arn:aws:rds:us-east-1:123456789012:db:targets-nobody", cancellation));
        Assert.Null(await targets.EndpointOfAsync("arn:aws:rds:us-east-1:123456789012:cluster:targets-nobody", cancellation));
        Assert.Null(await targets.EndpointOfAsync("targets-instance", cancellation));
    }

    /// <summary>moto's default VPC, asked as any client without an SDK would: a proxy is made in subnets that exist.</summary>
    private async Task<IEnumerable<string>> SubnetsAsync()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto.Server.Uri)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["Action"] = "DescribeSubnets", ["Version"] = "2016-11-15" }),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIA/20260101/{MotoFixture.Region}/ec2/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await client.SendAsync(request, cancellation);
        var subnets = XDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).Descendants()
            .Where(element => element.Name.LocalName == "subnetId").Select(element => element.Value).Take(2).ToList();
        Assert.Equal(2, subnets.Count);
        return subnets;
    }

    private async Task CreateAsync(string name, params UserAuthConfig[] credentials) => await moto.Clients.Rds.CreateDBProxyAsync(new()
    {
        DBProxyName = name,
        EngineFamily = EngineFamily.POSTGRESQL,
        Auth = [.. credentials],
        RoleArn = "arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds = [.. await SubnetsAsync()],
    }, cancellation);
}
