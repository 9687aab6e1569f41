using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>Makes our view of a database of RDS's answers.</summary>
internal static class RdsDatabases
{
    private const int DefaultPort = 5432;

    public static RdsDatabase Of(DBInstance instance, DBCluster? cluster) => new()
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
        Tags = Tags(cluster?.TagList, instance.TagList),
        ClusterId = instance.DBClusterIdentifier is { Length: > 0 } clusterId ? clusterId : null,
        IsWriter = cluster?.DBClusterMembers?.Find(member => IsSame(member.DBInstanceIdentifier, instance.DBInstanceIdentifier))?.IsClusterWriter,
        CreatedAt = Utc(instance.InstanceCreateTime),
        MasterSecret = Secret(instance.MasterUserSecret),
        MultiAz = instance.MultiAZ is true,
        IamAuthenticationEnabled = instance.IAMDatabaseAuthenticationEnabled is true,
    };

    public static RdsDatabase Of(DBCluster cluster) => new()
    {
        Id = cluster.DBClusterIdentifier,
        Kind = DatabaseKind.Cluster,
        Arn = cluster.DBClusterArn,
        ResourceId = cluster.DbClusterResourceId,
        Engine = cluster.Engine,
        EngineVersion = cluster.EngineVersion,
        Status = cluster.Status,
        Host = cluster.Endpoint,
        Port = cluster.Port ?? DefaultPort,
        Tags = Tags(cluster.TagList),
        CreatedAt = Utc(cluster.ClusterCreateTime),
        MasterSecret = Secret(cluster.MasterUserSecret),
        MultiAz = cluster.MultiAZ is true,
        IamAuthenticationEnabled = cluster.IAMDatabaseAuthenticationEnabled is true,
    };

    /// <summary>Of several lists the later one's values count.</summary>
    public static IReadOnlyDictionary<string, string> Tags(params IReadOnlyList<List<Tag>?> lists)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in lists.SelectMany(list => list ?? [])) tags[tag.Key] = tag.Value ?? "";
        return tags;
    }

    /// <summary>The SDK gives UTC times, in whatever kind.</summary>
    public static DateTimeOffset? Utc(DateTime? time) => time is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null;

    private static MasterSecret? Secret(MasterUserSecret? secret) =>
        secret?.SecretArn is { Length: > 0 } arn ? new MasterSecret(arn, secret.SecretStatus ?? "unknown") : null;

    // RDS stores identifiers in lower case and takes them in any.
    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
