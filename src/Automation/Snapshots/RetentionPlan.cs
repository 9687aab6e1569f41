namespace Automation.Snapshots;

/// <summary>What retention needs to know of one snapshot of a database at one place (the home Region, or a destination of copies).</summary>
internal sealed record RetentionItem
{
    public required string Id { get; init; }

    /// <summary>RDS's word; only <c>available</c> ones are ever deleted, and only these count as good.</summary>
    public required string Status { get; init; }

    /// <summary>Carries <c>automation:managed-by</c> and is of this very database (resource id).</summary>
    public required bool IsOurs { get; init; }

    /// <summary>The slot it was taken for, UTC; <c>null</c> when it cannot be told.</summary>
    public required DateTimeOffset? Slot { get; init; }

    /// <summary>When it was made at this place; of a copy, when it was copied.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>A person put the tag <c>automation:hold</c> on it.</summary>
    public bool Held { get; init; }

    /// <summary>Another account may restore it, or everybody.</summary>
    public bool Shared { get; init; }

    /// <summary>A copy of it is being made somewhere, or it is not known whether.</summary>
    public bool CopyInFlight { get; init; }
}

/// <summary>What becomes of one snapshot, and why.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Delete">Whether it goes.</param>
/// <param name="Why">A phrase for people: "daily 3 of 7, monthly 1 of 12".</param>
internal sealed record RetentionLine(string Id, bool Delete, string Why);

/// <summary>Every snapshot of a database at one place, newest first, with its verdict.</summary>
internal sealed record RetentionPlan(IReadOnlyList<RetentionLine> Lines)
{
    public IEnumerable<RetentionLine> Deletions => Lines.Where(line => line.Delete);

    public IEnumerable<RetentionLine> Kept => Lines.Where(line => !line.Delete);
}
