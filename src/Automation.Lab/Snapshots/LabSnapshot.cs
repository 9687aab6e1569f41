using Automation.Lab.Postgres;

namespace Automation.Lab.Snapshots;

/// <summary>What the lab knows of a snapshot beyond moto's record of it.</summary>
internal sealed record LabSnapshot
{
    public required SnapshotKind Kind { get; init; }

    public required string Arn { get; init; }

    public required string Region { get; init; }

    /// <summary>The instance or cluster it is of.</summary>
    public required string DatabaseId { get; init; }

    public required SnapshotStatus Status { get; init; }

    public int Percent { get; init; }

    /// <summary>When it was taken or, of a copy, copied; none before it is finished.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its data were taken; a copy has its source's.</summary>
    public DateTimeOffset? OriginallyCreatedAt { get; init; }

    /// <summary>The ARN of a copy's source.</summary>
    public string? CopyOf { get; init; }

    /// <summary>The data; none before it is finished, and none ever for a database without a server.</summary>
    public BaseBackup? Data { get; init; }

    /// <summary>Why it failed, for people; RDS tells nobody.</summary>
    public string? Problem { get; init; }

    // arn:aws:rds:REGION:ACCOUNT:snapshot:ID, and the id of an automated one has a colon itself.
    public string Id => Arn.Split(':', 7)[6];

    public string? SourceRegion => CopyOf?.Split(':')[3];

    public bool IsFromAnotherRegion => SourceRegion is { } region && region != Region;

    public bool IsUnderway => Status is SnapshotStatus.Creating or SnapshotStatus.Copying;
}
