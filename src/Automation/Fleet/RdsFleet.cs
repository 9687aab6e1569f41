using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>The databases of this account and Region, asked of RDS.</summary>
internal sealed class RdsFleet(IAmazonRDS rds) : IFleet
{
    public async Task<RdsDatabase?> FindInstanceAsync(string id, CancellationToken cancellation)
    {
        if (await DescribeInstanceAsync(id, cancellation) is not { } instance) return null;
        var cluster = instance.DBClusterIdentifier is { Length: > 0 } clusterId ? await DescribeClusterAsync(clusterId, cancellation) : null;
        return RdsDatabases.Of(instance, cluster);
    }

    public async Task<RdsDatabase?> FindClusterWriterAsync(string clusterId, CancellationToken cancellation)
    {
        var cluster = await DescribeClusterAsync(clusterId, cancellation);
        var writer = cluster?.DBClusterMembers?.Find(member => member.IsClusterWriter is true);
        return writer is not null && await DescribeInstanceAsync(writer.DBInstanceIdentifier, cancellation) is { } instance
            ? RdsDatabases.Of(instance, cluster)
            : null;
    }

    private async Task<DBInstance?> DescribeInstanceAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var response = await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, cancellation);
            return response.DBInstances?.SingleOrDefault();
        }
        catch (DBInstanceNotFoundException)
        {
            return null;
        }
    }

    private async Task<DBCluster?> DescribeClusterAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var response = await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, cancellation);
            return response.DBClusters?.SingleOrDefault();
        }
        catch (DBClusterNotFoundException)
        {
            return null;
        }
    }
}
