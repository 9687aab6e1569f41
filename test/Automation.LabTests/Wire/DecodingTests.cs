using System.Net;
using System.Web;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>Answers of AWS that moto does not give: from operations it lacks, and with what a newer service may add.</summary>
public sealed class DecodingTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task DescribeDBInstances_MembersOfTomorrow_ArePassedOver()
    {
        var response = await CallAsync(Xml("DescribeDBInstances", """
            <DBInstances>
              <DBInstance>
                <NewThing><DBInstanceIdentifier>wrong</DBInstanceIdentifier><Nested><AllocatedStorage>1</AllocatedStorage></Nested></NewThing>
                <DBInstanceIdentifier>orders &amp; more</DBInstanceIdentifier>
                <DBInstanceStatus>a-status-of-tomorrow</DBInstanceStatus>
                <ActivityStreamStatus>a-constant-of-tomorrow</ActivityStreamStatus>
                <AllocatedStorage>100</AllocatedStorage>
                <KmsKeyId/>
                <VpcSecurityGroups/>
                <InstanceCreateTime>2026-11-21T09:44:00.250Z</InstanceCreateTime>
                <LatestRestorableTime>2026-11-21T09:44:00Z</LatestRestorableTime>
                <Endpoint><Address>orders.abc.eu-central-1.rds.amazonaws.com</Address><HostedZoneId>Z1</HostedZoneId><Port>5432</Port></Endpoint>
                <DBSubnetGroup><Subnets>
                  <Subnet><SubnetIdentifier>s-1</SubnetIdentifier><SubnetAvailabilityZone><Name>a</Name></SubnetAvailabilityZone></Subnet>
                  <Subnet><SubnetIdentifier>s-2</SubnetIdentifier><SubnetAvailabilityZone><Name>b</Name></SubnetAvailabilityZone></Subnet>
                </Subnets></DBSubnetGroup>
              </DBInstance>
            </DBInstances>
            """), rds => rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation));

        var instance = Assert.Single(response.DBInstances);
        Assert.Equal("orders & more", instance.DBInstanceIdentifier);
        Assert.Equal("a-status-of-tomorrow", instance.DBInstanceStatus);
        Assert.Equal("a-constant-of-tomorrow", instance.ActivityStreamStatus.Value);
        Assert.Equal(100, instance.AllocatedStorage);
        Assert.Null(instance.MaxAllocatedStorage);
        Assert.Null(instance.VpcSecurityGroups);
        Assert.Null(instance.MultiAZ);
        Assert.Equal(new DateTime(2026, 11, 21, 9, 44, 0, 250, DateTimeKind.Utc), instance.InstanceCreateTime);
        Assert.Equal(new DateTime(2026, 11, 21, 9, 44, 0, DateTimeKind.Utc), instance.LatestRestorableTime);
        Assert.Equal(5432, instance.Endpoint.Port);
        Assert.Equal(["a", "b"], instance.DBSubnetGroup.Subnets.Select(s => s.SubnetAvailabilityZone.Name));
    }

    [Fact]
    public async Task DescribeAccountAttributes_Quotas_AreNumbers()
    {
        var response = await CallAsync(Xml("DescribeAccountAttributes", """
            <AccountQuotas><AccountQuota><AccountQuotaName>ManualSnapshots</AccountQuotaName><Used>12</Used><Max>100</Max></AccountQuota></AccountQuotas>
            """), rds => rds.DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), cancellation));

        var quota = Assert.Single(response.AccountQuotas);
        Assert.Equal(("ManualSnapshots", 12L, 100L), (quota.AccountQuotaName, quota.Used, quota.Max));
    }

    [Fact]
    public async Task DescribeDBEngineVersions_UpgradeTargets_AreNested()
    {
        var response = await CallAsync(Xml("DescribeDBEngineVersions", """
            <DBEngineVersions><DBEngineVersion><Engine>postgres</Engine><EngineVersion>16.4</EngineVersion>
              <ValidUpgradeTarget><UpgradeTarget><EngineVersion>17.2</EngineVersion><IsMajorVersionUpgrade>true</IsMajorVersionUpgrade></UpgradeTarget></ValidUpgradeTarget>
              <ExportableLogTypes><member>postgresql</member><member>upgrade</member></ExportableLogTypes>
            </DBEngineVersion></DBEngineVersions>
            """), rds => rds.DescribeDBEngineVersionsAsync(new DescribeDBEngineVersionsRequest { Engine = "postgres" }, cancellation));

        var version = Assert.Single(response.DBEngineVersions);
        Assert.True(Assert.Single(version.ValidUpgradeTarget).IsMajorVersionUpgrade);
        Assert.Equal(["postgresql", "upgrade"], version.ExportableLogTypes);
    }

    [Fact]
    public async Task DescribeDBProxyEndpoints_ReadOnly_HasItsRole()
    {
        var response = await CallAsync(Xml("DescribeDBProxyEndpoints", """
            <DBProxyEndpoints><member><DBProxyEndpointName>reader</DBProxyEndpointName><TargetRole>READ_ONLY</TargetRole>
              <Status>available</Status><IsDefault>false</IsDefault><VpcSubnetIds><member>s-1</member></VpcSubnetIds></member></DBProxyEndpoints>
            """), rds => rds.DescribeDBProxyEndpointsAsync(new DescribeDBProxyEndpointsRequest { DBProxyName = "p" }, cancellation));

        var endpoint = Assert.Single(response.DBProxyEndpoints);
        Assert.Same(DBProxyEndpointTargetRole.READ_ONLY, endpoint.TargetRole);
        Assert.Same(DBProxyEndpointStatus.Available, endpoint.Status);
        Assert.False(endpoint.IsDefault);
    }

    [Fact]
    public async Task DescribePendingMaintenanceActions_OfAResource_AreNested()
    {
        var response = await CallAsync(Xml("DescribePendingMaintenanceActions", """
            <PendingMaintenanceActions><ResourcePendingMaintenanceActions><ResourceIdentifier>arn:aws:rds:eu-central-1:1:db:orders</ResourceIdentifier>
              <PendingMaintenanceActionDetails><PendingMaintenanceAction><Action>system-update</Action>
                <CurrentApplyDate>2026-12-01T03:00:00Z</CurrentApplyDate></PendingMaintenanceAction></PendingMaintenanceActionDetails>
            </ResourcePendingMaintenanceActions></PendingMaintenanceActions>
            """), rds => rds.DescribePendingMaintenanceActionsAsync(new DescribePendingMaintenanceActionsRequest(), cancellation));

        var action = Assert.Single(Assert.Single(response.PendingMaintenanceActions).PendingMaintenanceActionDetails);
        Assert.Equal("system-update", action.Action);
        Assert.Equal(new DateTime(2026, 12, 1, 3, 0, 0, DateTimeKind.Utc), action.CurrentApplyDate);
    }

    [Fact]
    public async Task DescribeValidDBInstanceModifications_Storage_HasRanges()
    {
        var response = await CallAsync(Xml("DescribeValidDBInstanceModifications", """
            <ValidDBInstanceModificationsMessage><Storage><ValidStorageOptions><StorageType>gp3</StorageType>
              <StorageSize><Range><From>20</From><To>65536</To><Step>1</Step></Range></StorageSize>
              <IopsToStorageRatio><DoubleRange><From>0.5</From><To>500.0</To></DoubleRange></IopsToStorageRatio>
              <SupportsStorageAutoscaling>true</SupportsStorageAutoscaling></ValidStorageOptions></Storage></ValidDBInstanceModificationsMessage>
            """), rds => rds.DescribeValidDBInstanceModificationsAsync(
                new DescribeValidDBInstanceModificationsRequest { DBInstanceIdentifier = "orders" }, cancellation));

        var storage = Assert.Single(response.ValidDBInstanceModificationsMessage.Storage);
        Assert.Equal(65536, Assert.Single(storage.StorageSize).To);
        Assert.Equal(0.5, Assert.Single(storage.IopsToStorageRatio).From);
        Assert.True(storage.SupportsStorageAutoscaling);
    }

    [Fact]
    public async Task DescribeSecret_MembersOfTomorrow_ArePassedOver()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Json("""
            {"New":{"Name":"wrong","VersionIdsToStages":{"x":["y"]}},"Name":"right","Tags":null,"RotationEnabled":true,
             "RotationRules":{"AutomaticallyAfterDays":30,"New":[1,2,{"Duration":"wrong"}]},"VersionIdsToStages":{"v1":["AWSCURRENT","mine"],"v2":[]}}
            """));
        using var clients = Clients(server);

        var response = await clients.SecretsManager.DescribeSecretAsync(new DescribeSecretRequest { SecretId = "s" }, cancellation);

        Assert.Equal("right", response.Name);
        Assert.Null(response.Tags);
        Assert.True(response.RotationEnabled);
        Assert.Equal(30, response.RotationRules.AutomaticallyAfterDays);
        Assert.Null(response.RotationRules.Duration);
        Assert.Equal(["AWSCURRENT", "mine"], response.VersionIdsToStages["v1"]);
        Assert.Empty(response.VersionIdsToStages["v2"]);
    }

    [Fact]
    public async Task RotateSecret_Answered_HasTheVersion()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Json("""{"ARN":"arn","Name":"s","VersionId":"v"}"""));
        using var clients = Clients(server);

        var response = await clients.SecretsManager.RotateSecretAsync(new RotateSecretRequest
        {
            SecretId = "s",
            ClientRequestToken = "t",
            RotateImmediately = false,
            RotationRules = new RotationRulesType { AutomaticallyAfterDays = 30 },
        }, cancellation);

        Assert.Equal("v", response.VersionId);
        Assert.Equal(
            """{"SecretId":"s","ClientRequestToken":"t","RotationRules":{"AutomaticallyAfterDays":30},"RotateImmediately":false}""",
            Assert.Single(server.Received).Text);
    }

    [Fact]
    public async Task ModifyDBInstance_EmptyList_IsSentAsEmpty()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Xml("ModifyDBInstance", ""));
        using var clients = Clients(server);

        await clients.Rds.ModifyDBInstanceAsync(new ModifyDBInstanceRequest
        {
            DBInstanceIdentifier = "orders",
            VpcSecurityGroupIds = [],
            AllocatedStorage = 200,
            ApplyImmediately = true,
            CloudwatchLogsExportConfiguration = new CloudwatchLogsExportConfiguration { EnableLogTypes = ["postgresql"] },
        }, cancellation);

        var sent = HttpUtility.ParseQueryString(Assert.Single(server.Received).Text);
        Assert.Equal("ModifyDBInstance", sent["Action"]);
        Assert.Equal("2014-10-31", sent["Version"]);
        Assert.Equal("", sent["VpcSecurityGroupIds"]);
        Assert.Equal("200", sent["AllocatedStorage"]);
        Assert.Equal("true", sent["ApplyImmediately"]);
        Assert.Equal("postgresql", sent["CloudwatchLogsExportConfiguration.EnableLogTypes.member.1"]);
        Assert.Equal(7, sent.Count);
    }

    [Fact]
    public async Task CopyDBSnapshot_FromAnotherRegion_CarriesARequestToIt()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, Xml("CopyDBSnapshot", ""));
        using var clients = Clients(server);

        await clients.Rds.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = "arn:aws:rds:us-west-2:123456789012:snapshot:s",
            TargetDBSnapshotIdentifier = "t",
            SourceRegion = "us-west-2",
        }, cancellation);

        var sent = HttpUtility.ParseQueryString(Assert.Single(server.Received).Text);
        Assert.Null(sent["SourceRegion"]);
        var inner = HttpUtility.ParseQueryString(new Uri(sent["PreSignedUrl"]!).Query);
        Assert.Equal("CopyDBSnapshot", inner["Action"]);
        Assert.Equal(MotoFixture.Region, inner["DestinationRegion"]);
        Assert.Contains("/us-west-2/rds/aws4_request", inner["X-Amz-Credential"], StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", inner["X-Amz-Signature"]);
    }

    private async Task<T> CallAsync<T>(ScriptedAnswer answer, Func<IAmazonRDS, Task<T>> call)
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, answer);
        using var clients = Clients(server);
        return await call(clients.Rds);
    }

    private static LabClients Clients(ScriptedServer server) => new(server.Uri, LabClients.Anybody, MotoFixture.Region);

    private static ScriptedAnswer Json(string body) => new(HttpStatusCode.OK, body, "application/x-amz-json-1.1");

    private static ScriptedAnswer Xml(string operation, string result) => new(HttpStatusCode.OK, $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <{operation}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><{operation}Result>{result}</{operation}Result>
        <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{operation}Response>
        """);
}
