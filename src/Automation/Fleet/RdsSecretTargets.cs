using Amazon.RDS;
using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>Asks RDS about a secret.</summary>
internal sealed class RdsSecretTargets(IAmazonRDS rds) : ISecretTargets
{
    public async Task<string?> EndpointOfAsync(string arn, CancellationToken cancellation)
    {
        // arn:aws:rds:region:account:db:id, or :cluster:id
        if (arn.Split(':') is not [_, _, _, _, _, var kind, var id]) return null;
        try
        {
            return kind switch
            {
                "db" => (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, cancellation))
                    .DBInstances?.SingleOrDefault()?.Endpoint?.Address,
                "cluster" => (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, cancellation))
                    .DBClusters?.SingleOrDefault()?.Endpoint,
                _ => null,
            };
        }
        catch (Exception e) when (e is DBInstanceNotFoundException or DBClusterNotFoundException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<SecretProxy>> ProxiesOfAsync(string secretArn, CancellationToken cancellation)
    {
        var found = new List<SecretProxy>();
        var request = new DescribeDBProxiesRequest();
        do
        {
            var page = await rds.DescribeDBProxiesAsync(request, cancellation);
            found.AddRange((page.DBProxies ?? [])
                .Where(proxy => (proxy.Auth ?? []).Exists(auth => auth.SecretArn == secretArn))
                .Select(proxy => new SecretProxy
                {
                    Name = proxy.DBProxyName,
                    Host = proxy.Endpoint,
                    Port = DatabaseProxy.Port,
                    TakesPasswords = proxy.Auth.Exists(auth => auth.SecretArn == secretArn && auth.IAMAuth != IAMAuthMode.REQUIRED),
                    Users = [.. proxy.Auth.Where(auth => !string.IsNullOrEmpty(auth.UserName)).Select(auth => auth.UserName)],
                }));
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return found;
    }
}
