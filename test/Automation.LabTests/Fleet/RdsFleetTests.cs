using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Fleet;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Fleet;

public sealed class RdsFleetTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly RdsFleet fleet = new(moto.Clients.Rds);

    private IAmazonRDS Rds => moto.Clients.Rds;

    private async Task CreateInstanceAsync(string id, string? cluster = null, params Tag[] tags) => await Rds.CreateDBInstanceAsync(new()
    {
        DBInstanceIdentifier = id,
        DBClusterIdentifier = cluster,
        Engine = cluster is null ? "postgres" : "aurora-postgresql",
        DBInstanceClass = "db.t4g.medium",
        AllocatedStorage = cluster is null ? 20 : null,
        MasterUsername = cluster is null ? "postgres" : null,
        MasterUserPassword = cluster is null ? "not-a-real-one" : null,
        EnableIAMDatabaseAuthentication = true,
        Port = 5433,
        Tags = [.. tags],
    }, cancellation);

    private async Task CreateClusterAsync(string id, params Tag[] tags) => await Rds.CreateDBClusterAsync(new()
    {
        DBClusterIdentifier = id,
        Engine = "aurora-postgresql",
        MasterUsername = "postgres",
        MasterUserPassword = "not-a-real-one",
        Tags = [.. tags],
    }, cancellation);

    [Fact]
    public async Task FindInstance_Alone_IsAsRdsDescribesIt()
    {
        await CreateInstanceAsync("fleet-alone", null, new Tag { Key = "automation:connections", Value = "act" }, new Tag { Key = "empty", Value = "" });
        var described = Assert.Single((await Rds.DescribeDBInstancesAsync(new() { DBInstanceIdentifier = "fleet-alone" }, cancellation)).DBInstances);

        var database = await fleet.FindInstanceAsync("fleet-alone", cancellation);

        Assert.NotNull(database);
        Assert.Equal(("fleet-alone", DatabaseKind.Instance, "postgres"), (database.Id, database.Kind, database.Engine));
        Assert.Equal((described.DBInstanceArn, described.DbiResourceId), (database.Arn, database.ResourceId));
        Assert.Equal((described.Endpoint.Address, 5433), (database.Host, database.Port));
        Assert.Equal((described.EngineVersion, "available", false), (database.EngineVersion, database.Status, database.MultiAz));
        Assert.True(database.IamAuthenticationEnabled);
        Assert.Equal(new Dictionary<string, string> { ["automation:connections"] = "act", ["empty"] = "" }, database.Tags);
        Assert.Null(database.ClusterId);
        Assert.Null(database.IsWriter);
    }

    [Fact]
    public async Task FindInstance_Unknown_IsNull() => Assert.Null(await fleet.FindInstanceAsync("fleet-nobody", cancellation));

    [Fact]
    public async Task FindClusterWriter_Unknown_IsNull() => Assert.Null(await fleet.FindClusterWriterAsync("fleet-nobody", cancellation));

    [Fact]
    public async Task FindClusterWriter_WithoutMembers_IsNull()
    {
        await CreateClusterAsync("fleet-empty");

        Assert.Null(await fleet.FindClusterWriterAsync("fleet-empty", cancellation));
    }

    [Fact]
    public async Task FindClusterWriter_IsTheMemberThatWritesWithItsTagsOverTheClusters()
    {
        await CreateClusterAsync("fleet-shop", new Tag { Key = "automation:connections", Value = "act" }, new Tag { Key = "team", Value = "shop" });
        await CreateInstanceAsync("fleet-shop-1", "fleet-shop", new Tag { Key = "automation:connections", Value = "observe" });
        await CreateInstanceAsync("fleet-shop-2", "fleet-shop");
        var members = Assert.Single((await Rds.DescribeDBClustersAsync(new() { DBClusterIdentifier = "fleet-shop" }, cancellation)).DBClusters).DBClusterMembers;
        var writerId = Assert.Single(members, member => member.IsClusterWriter is true).DBInstanceIdentifier;
        Assert.Equal("fleet-shop-1", writerId);

        var writer = await fleet.FindClusterWriterAsync("fleet-shop", cancellation);
        var reader = await fleet.FindInstanceAsync("fleet-shop-2", cancellation);

        Assert.Equal((writerId, "fleet-shop", true), (writer?.Id, writer?.ClusterId, writer?.IsWriter));
        Assert.Equal(new Dictionary<string, string> { ["automation:connections"] = "observe", ["team"] = "shop" }, writer!.Tags);
        Assert.Equal(("fleet-shop-2", "fleet-shop", false), (reader?.Id, reader?.ClusterId, reader?.IsWriter));
        Assert.Equal(new Dictionary<string, string> { ["automation:connections"] = "act", ["team"] = "shop" }, reader!.Tags);
    }

    [Fact]
    public async Task FindInstance_NobodyAnswers_Throws()
    {
        using var rds = new AmazonRDSClient(LabClients.Anybody,
            new AmazonRDSConfig { ServiceURL = $"http://127.0.0.1:{FreePort.Next()}", AuthenticationRegion = MotoFixture.Region, MaxErrorRetry = 0 });

        // The SDK lets the transport's own exception through once its retries are used up.
        await Assert.ThrowsAsync<HttpRequestException>(() => new RdsFleet(rds).FindInstanceAsync("fleet-alone", cancellation));
    }
}
