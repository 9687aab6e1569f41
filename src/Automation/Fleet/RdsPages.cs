using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>What RDS has of a kind, page by page.</summary>
internal static class RdsPages
{
    // The most that RDS gives in one answer.
    private const int PageSize = 100;

    /// <param name="rds">The Region.</param>
    /// <param name="id">Only the instance of this name; <c>null</c> for all.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    /// <returns>None where there is none of this name.</returns>
    public static async Task<IReadOnlyList<DBInstance>> InstancesAsync(IAmazonRDS rds, string? id, CancellationToken cancellation)
    {
        var found = new List<DBInstance>();
        // RDS refuses a page size together with a name.
        var request = new DescribeDBInstancesRequest { DBInstanceIdentifier = id, MaxRecords = id is null ? PageSize : null };
        try
        {
            do
            {
                var page = await rds.DescribeDBInstancesAsync(request, cancellation);
                found.AddRange(page.DBInstances ?? []);
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

    /// <inheritdoc cref="InstancesAsync"/>
    public static async Task<IReadOnlyList<DBCluster>> ClustersAsync(IAmazonRDS rds, string? id, CancellationToken cancellation)
    {
        var found = new List<DBCluster>();
        var request = new DescribeDBClustersRequest { DBClusterIdentifier = id, MaxRecords = id is null ? PageSize : null };
        try
        {
            do
            {
                var page = await rds.DescribeDBClustersAsync(request, cancellation);
                found.AddRange(page.DBClusters ?? []);
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
