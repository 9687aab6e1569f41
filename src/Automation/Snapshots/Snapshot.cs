using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>A manual snapshot of an instance or a cluster as RDS describes it, at home or at a destination of copies.</summary>
internal sealed record Snapshot
{
    public required string Id { get; init; }
    public required string Arn { get; init; }
    public required DatabaseKind Kind { get; init; }

    /// <summary><c>available</c>, <c>creating</c>, <c>copying</c>, <c>failed</c> and others; may grow.</summary>
    public required string Status { get; init; }

    /// <summary>Identifier of the database at the time; may be another database's by now.</summary>
    public required string DatabaseId { get; init; }

    /// <summary>
    /// RDS's own id of the database that it is of, which no other database ever has; <c>null</c> where RDS does not tell.
    /// </summary>
    public required string? ResourceId { get; init; }

    /// <summary>When RDS made it, here: of a copy, when it was copied. <c>null</c> while it is being made.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    public required bool Encrypted { get; init; }

    /// <summary>ARN of its key; <c>null</c> unencrypted.</summary>
    public required string? KmsKeyId { get; init; }

    /// <summary>ARN of the snapshot it was copied from, by whomever; <c>null</c> where it is no copy.</summary>
    public required string? SourceArn { get; init; }

    /// <summary>Keys are case-sensitive.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The only state in which a snapshot can be restored, copied or deleted.</summary>
    public bool IsAvailable => Status == "available";

    /// <summary>RDS is still at work on it.</summary>
    public bool IsUnderway => Status is "creating" or "copying" or "pending";
}
