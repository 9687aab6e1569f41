using System.Collections.Concurrent;

namespace Automation.Lab.Snapshots;

/// <summary>The account's limits for RDS, in every Region the same ones.</summary>
/// <remarks>"Quotas and constraints for Amazon RDS", the defaults.</remarks>
internal sealed class SnapshotQuotas
{
    private readonly ConcurrentDictionary<string, int> limits = new(new Dictionary<string, int>
    {
        ["DBInstances"] = 40,
        ["ReservedDBInstances"] = 40,
        ["AllocatedStorage"] = 100_000, // GiB
        ["DBSecurityGroups"] = 25,
        ["AuthorizationsPerDBSecurityGroup"] = 20,
        ["DBParameterGroups"] = 50,
        ["ManualSnapshots"] = 100,
        ["EventSubscriptions"] = 20,
        ["DBSubnetGroups"] = 50,
        ["OptionGroups"] = 20,
        ["SubnetsPerDBSubnetGroup"] = 20,
        ["ReadReplicasPerMaster"] = 15,
        ["DBClusters"] = 40,
        ["DBClusterParameterGroups"] = 50,
        ["DBClusterRoles"] = 5,
        ["DBInstanceRoles"] = 5,
        ["ManualClusterSnapshots"] = 100,
        ["CustomEndpointsPerDBCluster"] = 5,
    });

    /// <summary>As DescribeAccountAttributes names them.</summary>
    public IEnumerable<string> Names => limits.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">RDS has no quota of this name.</exception>
    public int this[string name]
    {
        get => limits[name];
        set
        {
            if (!limits.ContainsKey(name)) throw new KeyNotFoundException($"RDS has no quota '{name}'");
            limits[name] = value;
        }
    }
}
