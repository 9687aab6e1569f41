using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>Asks RDS: a proxy is found by its targets, because nothing at the database names it.</summary>
internal sealed class RdsDatabaseProxies(IAmazonRDS rds) : IDatabaseProxies
{
    public async Task<IReadOnlyList<DatabaseProxy>> OfAsync(RdsDatabase database, CancellationToken cancellation)
    {
        var found = new List<DatabaseProxy>();
        var request = new DescribeDBProxiesRequest();
        do
        {
            var page = await rds.DescribeDBProxiesAsync(request, cancellation);
            foreach (var proxy in (page.DBProxies ?? []).Where(proxy => proxy.EngineFamily == "POSTGRESQL" && proxy.Endpoint is { Length: > 0 }))
                if (await LeadsToAsync(proxy.DBProxyName, database, cancellation)) found.Add(new DatabaseProxy(proxy.DBProxyName, proxy.Endpoint));
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return [.. found.OrderBy(proxy => proxy.Name, StringComparer.Ordinal)];
    }

    private async Task<bool> LeadsToAsync(string proxy, RdsDatabase database, CancellationToken cancellation)
    {
        var request = new DescribeDBProxyTargetsRequest { DBProxyName = proxy };
        try
        {
            do
            {
                var page = await rds.DescribeDBProxyTargetsAsync(request, cancellation);
                if ((page.Targets ?? []).Exists(target => IsOf(target, database))) return true;
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        catch (DBProxyNotFoundException)
        {
            // Deleted between the two questions.
        }
        return false;
    }

    // A cluster is a target of its own, and its members are shown beside it, with the cluster they are tracked for.
    private static bool IsOf(DBProxyTarget target, RdsDatabase database) => database.Kind == DatabaseKind.Cluster
        ? Is(target.TrackedClusterId, database.Id) || (target.Type == TargetType.TRACKED_CLUSTER && Is(target.RdsResourceId, database.Id))
        : target.Type == TargetType.RDS_INSTANCE && string.IsNullOrEmpty(target.TrackedClusterId) && Is(target.RdsResourceId, database.Id);

    private static bool Is(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
