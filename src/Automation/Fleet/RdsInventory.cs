using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>Asks RDS for all databases, page by page.</summary>
internal sealed class RdsInventory(IRdsRegions regions) : IDatabaseInventory
{
    // The most that RDS gives in one answer.
    private const int PageSize = 100;

    public async Task<IReadOnlyList<RdsDatabase>> ListAsync(string? id, CancellationToken cancellation)
    {
        var rds = regions.In(regions.Home);
        return [.. await InstancesAsync(rds, id, cancellation), .. await ClustersAsync(rds, id, cancellation)];
    }

    private static async Task<List<RdsDatabase>> InstancesAsync(IAmazonRDS rds, string? id, CancellationToken cancellation)
    {
        var found = new List<RdsDatabase>();
        // RDS refuses a page size together with a name.
        var request = new DescribeDBInstancesRequest { DBInstanceIdentifier = id, MaxRecords = id is null ? PageSize : null };
        try
        {
            do
            {
                var page = await rds.DescribeDBInstancesAsync(request, cancellation);
                found.AddRange((page.DBInstances ?? []).Select(instance => RdsDatabases.Of(instance, null)));
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        catch (DBInstanceNotFoundException)
        {
            // Then there is none of this name.
        }
        return found;
    }

    private static async Task<List<RdsDatabase>> ClustersAsync(IAmazonRDS rds, string? id, CancellationToken cancellation)
    {
        var found = new List<RdsDatabase>();
        var request = new DescribeDBClustersRequest { DBClusterIdentifier = id, MaxRecords = id is null ? PageSize : null };
        try
        {
            do
            {
                var page = await rds.DescribeDBClustersAsync(request, cancellation);
                found.AddRange((page.DBClusters ?? []).Select(RdsDatabases.Of));
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        catch (DBClusterNotFoundException)
        {
            // Then there is none of this name.
        }
        return found;
    }
}
