namespace Automation.Snapshots;

/// <summary>A snapshot that carries our tag, and what the tags say.</summary>
internal sealed record OwnSnapshot
{
    public required Snapshot Snapshot { get; init; }

    /// <summary>The slot it was taken for, UTC; <c>null</c> when the tag is missing or cannot be read.</summary>
    public required DateTimeOffset? Slot { get; init; }

    /// <summary>When RDS was asked for it; <c>null</c> without the tag.</summary>
    public required DateTimeOffset? Begun { get; init; }

    /// <summary>How long RDS is at work on it. The slot tells nothing: its snapshot may be begun, or copied, days later.</summary>
    public TimeSpan? UnderwayFor(DateTimeOffset now) => Snapshot.IsUnderway && (Begun ?? Slot) is { } since ? now - since : null;

    /// <summary>Resource id of the database it is of; <c>null</c> without the tag.</summary>
    public required string? SourceResourceId { get; init; }

    /// <summary>ARN of the snapshot this is a copy of; <c>null</c> where it is none.</summary>
    public required string? CopyOf { get; init; }

    /// <summary>Accounts that we shared it with.</summary>
    public required IReadOnlyList<string> SharedWith { get; init; }

    /// <summary>A person put <c>automation:hold</c> on it.</summary>
    public required bool Held { get; init; }

    public string Id => Snapshot.Id;
}
