namespace Automation.Lab.Account;

/// <summary>Where a database listens.</summary>
internal readonly record struct DatabaseEndpoint(string Host, int Port);

/// <summary>A DB instance to be shown by the RDS API. Defaults describe a small, current, encrypted instance.</summary>
internal sealed record LabDatabase
{
    /// <summary>The DB instance identifier; also the value of the metrics' dimension.</summary>
    public required string Id { get; init; }
    public required DatabaseEndpoint Endpoint { get; init; }

    /// <summary>As <c>17.5</c>.</summary>
    public required string EngineVersion { get; init; }

    /// <summary><c>aurora-postgresql</c> for a member of a cluster.</summary>
    public string Engine { get; init; } = "postgres";
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public string Class { get; init; } = "db.m7g.large";
    public string MasterUser { get; init; } = "postgres";
    public bool MultiAz { get; init; }
    public bool IamAuthentication { get; init; } = true;

    /// <summary>Ignored by Aurora.</summary>
    public int AllocatedStorageGiB { get; init; } = 100;
    public string StorageType { get; init; } = "gp3";

    /// <summary>Since when it is there; <c>null</c>: since it was registered. What CloudWatch has of its name before is another one's.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The ARN of a customer-managed key; the account's default key without.</summary>
    public string? KmsKeyId { get; init; }
}

/// <summary>An Aurora cluster to be shown by the RDS API, with its members.</summary>
internal sealed record LabCluster
{
    public required string Id { get; init; }

    /// <summary>The cluster (writer) endpoint.</summary>
    public required DatabaseEndpoint Endpoint { get; init; }
    public required DatabaseEndpoint ReaderEndpoint { get; init; }
    public required string EngineVersion { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public string MasterUser { get; init; } = "postgres";
    public bool IamAuthentication { get; init; } = true;

    /// <inheritdoc cref="LabDatabase.KmsKeyId"/>
    public string? KmsKeyId { get; init; }

    /// <inheritdoc cref="LabDatabase.CreatedAt"/>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The first is the writer.</summary>
    public required IReadOnlyList<LabDatabase> Members { get; init; }
}

/// <summary>How AWS names a registered instance or cluster.</summary>
/// <param name="Id">The identifier people chose.</param>
/// <param name="Arn">For tags.</param>
/// <param name="ResourceId"><c>db-…</c> or <c>cluster-…</c>: never changes, and is what <c>rds-db:connect</c> is granted on.</param>
internal sealed record RegisteredDatabase(string Id, string Arn, string ResourceId);
