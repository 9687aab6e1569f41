using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>The databases of this account and Region, asked of RDS.</summary>
internal sealed class RdsFleet(IAmazonRDS rds) : IFleet
{
    private const int DefaultPort = 5432;

    public async Task<RdsDatabase?> FindInstanceAsync(string id, CancellationToken cancellation)
    {
        if (await DescribeInstanceAsync(id, cancellation) is not { } instance) return null;
        var cluster = instance.DBClusterIdentifier is { Length: > 0 } clusterId ? await DescribeClusterAsync(clusterId, cancellation) : null;
        return ToDatabase(instance, cluster);
    }

    public async Task<RdsDatabase?> FindClusterWriterAsync(string clusterId, CancellationToken cancellation)
    {
        var cluster = await DescribeClusterAsync(clusterId, cancellation);
        var writer = cluster?.DBClusterMembers?.Find(member => member.IsClusterWriter is true);
        return writer is not null && await DescribeInstanceAsync(writer.DBInstanceIdentifier, cancellation) is { } instance
            ? ToDatabase(instance, cluster)
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

    private static RdsDatabase ToDatabase(DBInstance instance, DBCluster? cluster) => new()
    {
        Id = instance.DBInstanceIdentifier,
        Kind = DatabaseKind.Instance,
        Arn = instance.DBInstanceArn,
        ResourceId = instance.DbiResourceId,
        Engine = instance.Engine,
        EngineVersion = instance.EngineVersion,
        Status = instance.DBInstanceStatus,
        Host = instance.Endpoint?.Address,
        Port = instance.Endpoint?.Port ?? DefaultPort,
        Tags = Merge(cluster?.TagList, instance.TagList),
        ClusterId = instance.DBClusterIdentifier is { Length: > 0 } clusterId ? clusterId : null,
        IsWriter = cluster?.DBClusterMembers?.Find(member => IsSame(member.DBInstanceIdentifier, instance.DBInstanceIdentifier))?.IsClusterWriter,
        MultiAz = instance.MultiAZ is true,
        IamAuthenticationEnabled = instance.IAMDatabaseAuthenticationEnabled is true,
    };

    private static Dictionary<string, string> Merge(List<Tag>? clusters, List<Tag>? own)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in (clusters ?? []).Concat(own ?? [])) tags[tag.Key] = tag.Value ?? "";
        return tags;
    }

    // RDS stores identifiers in lower case and takes them in any.
    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
