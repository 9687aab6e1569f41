using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class RdsProxyTests(MotoFixture moto)
{
    private readonly IAmazonRDS rds = moto.Clients.Rds;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateDBProxy_WithIamAuthentication_ComesBack()
    {
        var proxy = await Given.ProxyAsync(moto, cancellation);

        Assert.Equal("POSTGRESQL", proxy.EngineFamily);
        Assert.Equal(await Given.SubnetsAsync(moto.Server.Uri, cancellation), proxy.VpcSubnetIds);
        Assert.Equal(IAMAuthMode.REQUIRED, Assert.Single(proxy.Auth).IAMAuth);
        Assert.Equal(DateTimeKind.Utc, proxy.CreatedDate!.Value.Kind);
    }

    [Fact]
    public async Task DescribeDBProxies_OneByName_HasAKnownStatus()
    {
        var proxy = await Given.ProxyAsync(moto, cancellation);

        var response = await rds.DescribeDBProxiesAsync(new DescribeDBProxiesRequest { DBProxyName = proxy.DBProxyName }, cancellation);

        var found = Assert.Single(response.DBProxies);
        Assert.Equal(proxy.DBProxyArn, found.DBProxyArn);
        Assert.Same(DBProxyStatus.Available, found.Status);
        Assert.NotEmpty(found.Endpoint);
    }

    [Fact]
    public async Task DescribeDBProxies_UnknownName_IsTyped() =>
        await Assert.ThrowsAsync<DBProxyNotFoundException>(() =>
            rds.DescribeDBProxiesAsync(new DescribeDBProxiesRequest { DBProxyName = "nothing" }, cancellation));

    [Fact]
    public async Task RegisterDBProxyTargets_AnInstance_IsATarget()
    {
        var proxy = await Given.ProxyAsync(moto, cancellation);
        var instance = await Given.InstanceAsync(rds, cancellation);

        var response = await RegisterAsync(proxy, instance);

        Assert.Equal(instance.DBInstanceIdentifier, Assert.Single(response.DBProxyTargets).RdsResourceId);
    }

    [Fact]
    public async Task DescribeDBProxyTargets_AfterRegistering_HasTypeAndHealth()
    {
        var proxy = await Given.ProxyAsync(moto, cancellation);
        var instance = await Given.InstanceAsync(rds, cancellation);
        await RegisterAsync(proxy, instance);

        var response = await rds.DescribeDBProxyTargetsAsync(new DescribeDBProxyTargetsRequest { DBProxyName = proxy.DBProxyName }, cancellation);

        var target = Assert.Single(response.Targets);
        Assert.Equal(TargetType.RDS_INSTANCE, target.Type);
        Assert.Equal(instance.Endpoint.Port, target.Port);
    }

    [Fact]
    public async Task DescribeDBProxyTargetGroups_OfANewProxy_HasTheDefaultPool()
    {
        var proxy = await Given.ProxyAsync(moto, cancellation);

        var response = await rds.DescribeDBProxyTargetGroupsAsync(
            new DescribeDBProxyTargetGroupsRequest { DBProxyName = proxy.DBProxyName }, cancellation);

        var group = Assert.Single(response.TargetGroups);
        Assert.Equal("default", group.TargetGroupName);
        Assert.NotNull(group.ConnectionPoolConfig.MaxConnectionsPercent);
    }

    private Task<RegisterDBProxyTargetsResponse> RegisterAsync(DBProxy proxy, DBInstance instance) =>
        rds.RegisterDBProxyTargetsAsync(new RegisterDBProxyTargetsRequest
        {
            DBProxyName = proxy.DBProxyName,
            TargetGroupName = "default",
            DBInstanceIdentifiers = [instance.DBInstanceIdentifier],
        }, cancellation);
}
