using Automation.Database;

namespace Automation.Fleet;

/// <summary>A database as RDS describes it right now.</summary>
internal sealed record RdsDatabase
{
    public required string Id { get; init; }
    public required DatabaseKind Kind { get; init; }
    public required string Arn { get; init; }

    /// <summary><c>DbiResourceId</c> or <c>DbClusterResourceId</c>: stays when the identifier is changed or used again.</summary>
    public required string ResourceId { get; init; }

    /// <summary><c>postgres</c> or <c>aurora-postgresql</c>; others are not looked after.</summary>
    public required string Engine { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary><c>available</c>, <c>storage-full</c>, <c>rebooting</c> and many others; may grow.</summary>
    public required string Status { get; init; }

    /// <summary>The instance's own endpoint; <c>null</c> while it is being created.</summary>
    public required string? Host { get; init; }

    public required int Port { get; init; }

    /// <summary>What <see cref="Host"/> leads to.</summary>
    public EndpointKind EndpointKind => Kind == DatabaseKind.Cluster ? EndpointKind.ClusterWriter : EndpointKind.Instance;

    /// <summary>Of a member of a cluster: its own over the cluster's. Keys are case-sensitive.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public string? ClusterId { get; init; }

    /// <summary>Of a member of a cluster: whether it is the writer; <c>null</c> alone or unknown.</summary>
    public bool? IsWriter { get; init; }

    /// <summary>When RDS made it; <c>null</c> while it is being made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary><c>null</c> where RDS does not manage the master password. Of a member of a cluster the cluster has it.</summary>
    public MasterSecret? MasterSecret { get; init; }

    public required bool MultiAz { get; init; }
    public required bool IamAuthenticationEnabled { get; init; }
}
