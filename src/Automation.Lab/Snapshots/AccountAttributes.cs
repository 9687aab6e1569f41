using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>How much of its quotas the account uses, counted from moto's records. moto does not know DescribeAccountAttributes.</summary>
internal sealed class AccountAttributes(MotoRds moto, SnapshotQuotas quotas)
{
    private static readonly XNamespace Rds = "http://rds.amazonaws.com/doc/2014-10-31/";

    // Counting hundreds of snapshots takes moto a second: what is created and deleted here is counted along.
    private readonly ConcurrentDictionary<(string Region, SnapshotKind Kind), int> manual = new();

    public async Task<AwsAnswer> DescribeAsync(AwsCall call)
    {
        var used = await CountAsync(call);
        var answer = new XElement(Rds + "DescribeAccountAttributesResponse",
            new XElement(Rds + "DescribeAccountAttributesResult",
                new XElement(Rds + "AccountQuotas", quotas.Names.Select(name => new XElement(Rds + "AccountQuota",
                    new XElement(Rds + "AccountQuotaName", name),
                    new XElement(Rds + "Used", used.GetValueOrDefault(name)),
                    new XElement(Rds + "Max", quotas[name]))))),
            new XElement(Rds + "ResponseMetadata", new XElement(Rds + "RequestId", "lab")));
        return new AwsAnswer { Status = 200, ContentType = "text/xml", Body = Encoding.UTF8.GetBytes(answer.ToString()) };
    }

    /// <summary>Refuses one more manual snapshot than the quota allows.</summary>
    /// <exception cref="SnapshotRefusal">The quota is used up.</exception>
    public async Task ExpectRoomAsync(AwsCall call, SnapshotKind kind)
    {
        if (!manual.TryGetValue((call.Region, kind), out var used)) used = await CountManualAsync(call, kind);
        if (used >= quotas[kind.Quota])
            throw SnapshotRefusal.QuotaExceeded(call, string.Create(CultureInfo.InvariantCulture, $"Cannot create more than {quotas[kind.Quota]} manual snapshots"));
    }

    /// <summary>Counts one that came or went.</summary>
    public void Count(string region, SnapshotKind kind, int change)
    {
        if (manual.TryGetValue((region, kind), out var used)) manual[(region, kind)] = used + change;
    }

    /// <summary>The endpoint's hook for deletions of databases, which may leave a last snapshot: count again.</summary>
    public ValueTask<AwsAnswer> ForgetAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        foreach (var kind in SnapshotKind.All) manual.TryRemove((call.Region, kind), out _);
        return ValueTask.FromResult(answer);
    }

    private async Task<Dictionary<string, int>> CountAsync(AwsCall call)
    {
        var instances = await moto.ListAsync(call, "DBInstance");
        var clusters = await moto.ListAsync(call, "DBCluster");
        var subnetGroups = await moto.ListAsync(call, "DBSubnetGroup");
        var securityGroups = await moto.ListAsync(call, "DBSecurityGroup");
        static int Most(IEnumerable<XElement> of, string part) => of.Select(e => e.Named(part).Count()).DefaultIfEmpty().Max();
        // Not here: reserved instances and custom endpoints, which cannot be made in moto, and option groups, which it cannot list.
        return new Dictionary<string, int>
        {
            ["DBInstances"] = instances.Count,
            ["AllocatedStorage"] = instances.Sum(i => int.Parse(i.Text("AllocatedStorage") ?? "0", CultureInfo.InvariantCulture)),
            ["DBInstanceRoles"] = Most(instances, "DBInstanceRole"),
            ["ReadReplicasPerMaster"] = Most(instances, "ReadReplicaDBInstanceIdentifier"),
            ["DBClusters"] = clusters.Count,
            ["DBClusterRoles"] = Most(clusters, "DBClusterRole"),
            ["DBSubnetGroups"] = subnetGroups.Count,
            ["SubnetsPerDBSubnetGroup"] = Most(subnetGroups, "Subnet"),
            ["DBSecurityGroups"] = securityGroups.Count,
            ["AuthorizationsPerDBSecurityGroup"] = Most(securityGroups, "IPRange"),
            ["DBParameterGroups"] = (await moto.ListAsync(call, "DBParameterGroup")).Count,
            ["DBClusterParameterGroups"] = (await moto.ListAsync(call, "DBClusterParameterGroup")).Count,
            ["EventSubscriptions"] = (await moto.ListAsync(call, "EventSubscription")).Count,
            [SnapshotKind.Instance.Quota] = await CountManualAsync(call, SnapshotKind.Instance),
            [SnapshotKind.Cluster.Quota] = await CountManualAsync(call, SnapshotKind.Cluster),
        };
    }

    private async Task<int> CountManualAsync(AwsCall call, SnapshotKind kind) =>
        manual[(call.Region, kind)] = (await moto.ListAsync(call, kind.Element, ("SnapshotType", "manual"))).Count;
}
