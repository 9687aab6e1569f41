using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class RdsClusterTests(MotoFixture moto)
{
    private readonly IAmazonRDS rds = moto.Clients.Rds;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateDBCluster_Serverless_HasEndpointsZonesAndScaling()
    {
        var name = Given.Name("cluster");

        var response = await rds.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = name,
            Engine = "aurora-postgresql",
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
            AvailabilityZones = ["eu-central-1a", "eu-central-1b"],
            ServerlessV2ScalingConfiguration = new ServerlessV2ScalingConfiguration { MinCapacity = 0.5, MaxCapacity = 16 },
        }, cancellation);

        var cluster = response.DBCluster;
        Assert.Equal(name, cluster.DBClusterIdentifier);
        Assert.StartsWith(name + ".cluster-", cluster.Endpoint, StringComparison.Ordinal);
        Assert.StartsWith(name + ".cluster-ro-", cluster.ReaderEndpoint, StringComparison.Ordinal);
        Assert.Equal(["eu-central-1a", "eu-central-1b"], cluster.AvailabilityZones);
        Assert.Equal(0.5, cluster.ServerlessV2ScalingConfiguration.MinCapacity);
        Assert.Equal(DateTimeKind.Utc, cluster.ClusterCreateTime!.Value.Kind);
    }

    [Fact]
    public async Task DescribeDBClusters_WithMembers_NamesWriterAndReaders()
    {
        var cluster = await WithMembersAsync();

        var response = await rds.DescribeDBClustersAsync(
            new DescribeDBClustersRequest { DBClusterIdentifier = cluster.DBClusterIdentifier }, cancellation);

        var members = Assert.Single(response.DBClusters).DBClusterMembers;
        Assert.Equal(2, members.Count);
        Assert.Single(members, m => m.IsClusterWriter == true);
    }

    [Fact]
    public async Task DescribeDBClusters_UnknownName_IsTyped()
    {
        var error = await Assert.ThrowsAsync<DBClusterNotFoundException>(() =>
            rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "nothing" }, cancellation));

        Assert.Equal("DBClusterNotFoundFault", error.ErrorCode);
    }

    [Fact]
    public async Task FailoverDBCluster_ToAReader_Answers()
    {
        var cluster = await WithMembersAsync();

        var response = await rds.FailoverDBClusterAsync(
            new FailoverDBClusterRequest { DBClusterIdentifier = cluster.DBClusterIdentifier }, cancellation);

        Assert.Equal(cluster.DBClusterIdentifier, response.DBCluster.DBClusterIdentifier);
    }

    [Fact]
    public async Task FailoverDBCluster_WithoutReader_IsTyped()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);

        await Assert.ThrowsAsync<InvalidDBClusterStateException>(() => rds.FailoverDBClusterAsync(
            new FailoverDBClusterRequest { DBClusterIdentifier = cluster.DBClusterIdentifier }, cancellation));
    }

    [Fact]
    public async Task ModifyDBCluster_DeletionProtection_IsSet()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);

        var response = await rds.ModifyDBClusterAsync(
            new ModifyDBClusterRequest { DBClusterIdentifier = cluster.DBClusterIdentifier, DeletionProtection = true }, cancellation);

        Assert.True(response.DBCluster.DeletionProtection);
    }

    [Fact]
    public async Task DeleteDBCluster_Unprotected_IsDeleting()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);

        var response = await rds.DeleteDBClusterAsync(
            new DeleteDBClusterRequest { DBClusterIdentifier = cluster.DBClusterIdentifier, SkipFinalSnapshot = true }, cancellation);

        Assert.Equal(cluster.DBClusterArn, response.DBCluster.DBClusterArn);
    }

    [Fact]
    public async Task CreateDBClusterSnapshot_WithTags_ComesBack()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);

        var response = await rds.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest
        {
            DBClusterIdentifier = cluster.DBClusterIdentifier,
            DBClusterSnapshotIdentifier = Given.Name("snapshot"),
            Tags = [new Tag { Key = "automation:managed-by", Value = "automation" }],
        }, cancellation);

        Assert.Equal(100, response.DBClusterSnapshot.PercentProgress);
        Assert.Equal("automation", Assert.Single(response.DBClusterSnapshot.TagList).Value);
    }

    [Fact]
    public async Task DescribeDBClusterSnapshots_OfACluster_FindsThem()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);

        var found = await rds.Paginators
            .DescribeDBClusterSnapshots(new DescribeDBClusterSnapshotsRequest { DBClusterIdentifier = snapshot.DBClusterIdentifier, SnapshotType = "manual" })
            .DBClusterSnapshots.ToListAsync(cancellation);

        Assert.Equal(snapshot.DBClusterSnapshotArn, Assert.Single(found).DBClusterSnapshotArn);
    }

    [Fact]
    public async Task CopyDBClusterSnapshot_NewName_IsAnotherSnapshot()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);
        var target = Given.Name("copy");

        var response = await rds.CopyDBClusterSnapshotAsync(new CopyDBClusterSnapshotRequest
        {
            SourceDBClusterSnapshotIdentifier = snapshot.DBClusterSnapshotIdentifier,
            TargetDBClusterSnapshotIdentifier = target,
            CopyTags = true,
        }, cancellation);

        Assert.Equal(target, response.DBClusterSnapshot.DBClusterSnapshotIdentifier);
    }

    [Fact]
    public async Task ModifyDBClusterSnapshotAttribute_OneAccount_IsListed()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);

        var response = await rds.ModifyDBClusterSnapshotAttributeAsync(new ModifyDBClusterSnapshotAttributeRequest
        {
            DBClusterSnapshotIdentifier = snapshot.DBClusterSnapshotIdentifier,
            AttributeName = "restore",
            ValuesToAdd = ["111111111111"],
        }, cancellation);

        Assert.Equal(["111111111111"], Assert.Single(response.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes).AttributeValues);
    }

    [Fact]
    public async Task DescribeDBClusterSnapshotAttributes_NoneSet_NamesTheSnapshot()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);

        var response = await rds.DescribeDBClusterSnapshotAttributesAsync(
            new DescribeDBClusterSnapshotAttributesRequest { DBClusterSnapshotIdentifier = snapshot.DBClusterSnapshotIdentifier }, cancellation);

        Assert.Equal(snapshot.DBClusterSnapshotIdentifier, response.DBClusterSnapshotAttributesResult.DBClusterSnapshotIdentifier);
    }

    [Fact]
    public async Task RestoreDBClusterFromSnapshot_NewName_IsACluster()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);
        var name = Given.Name("restored");

        var response = await rds.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest
        {
            DBClusterIdentifier = name,
            SnapshotIdentifier = snapshot.DBClusterSnapshotIdentifier,
            Engine = "aurora-postgresql",
        }, cancellation);

        Assert.Equal(name, response.DBCluster.DBClusterIdentifier);
    }

    [Fact]
    public async Task RestoreDBClusterToPointInTime_Latest_IsACluster()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);
        var name = Given.Name("restored");

        var response = await rds.RestoreDBClusterToPointInTimeAsync(new RestoreDBClusterToPointInTimeRequest
        {
            DBClusterIdentifier = name,
            SourceDBClusterIdentifier = cluster.DBClusterIdentifier,
            UseLatestRestorableTime = true,
        }, cancellation);

        Assert.Equal(name, response.DBCluster.DBClusterIdentifier);
    }

    [Fact]
    public async Task DeleteDBClusterSnapshot_Twice_IsTyped()
    {
        var snapshot = await Given.ClusterSnapshotAsync(rds, cancellation);
        var request = new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = snapshot.DBClusterSnapshotIdentifier };

        var response = await rds.DeleteDBClusterSnapshotAsync(request, cancellation);

        Assert.Equal(snapshot.DBClusterSnapshotIdentifier, response.DBClusterSnapshot.DBClusterSnapshotIdentifier);
        await Assert.ThrowsAsync<DBClusterSnapshotNotFoundException>(() => rds.DeleteDBClusterSnapshotAsync(request, cancellation));
    }

    private async Task<DBCluster> WithMembersAsync()
    {
        var cluster = await Given.ClusterAsync(rds, cancellation);
        for (var i = 0; i < 2; i++)
        {
            await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
            {
                DBInstanceIdentifier = Given.Name("member"),
                DBClusterIdentifier = cluster.DBClusterIdentifier,
                DBInstanceClass = "db.r6g.large",
                Engine = "aurora-postgresql",
            }, cancellation);
        }
        return cluster;
    }
}
