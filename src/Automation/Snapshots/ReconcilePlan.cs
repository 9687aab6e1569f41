namespace Automation.Snapshots;

/// <summary>What to do about the snapshots of one database.</summary>
internal sealed record ReconcilePlan
{
    public required IReadOnlyList<PlaceRetention> Retention { get; init; }
    public required IReadOnlyList<CopyDecision> Copies { get; init; }
    public required IReadOnlyList<ShareChange> Shares { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required Evidence Evidence { get; init; }

    public IEnumerable<CopyDecision.Start> Starts => Copies.OfType<CopyDecision.Start>();

    public IEnumerable<PlannedDeletion> Deletions => Retention.SelectMany(place => place.Deletions);

    /// <summary>
    /// In a stack that observes, where nothing takes snapshots, it is no news that they are overdue; the digest says so.
    /// </summary>
    public ReconcilePlan Observing() => this with
    {
        Findings = [.. Findings.Select(finding => finding.Reason == Reasons.Overdue ? finding with { Severity = null } : finding)],
    };

    public bool ChangesAnything => Starts.Any() || Shares.Count > 0 || Deletions.Any();
}

/// <summary>The retention of one Region.</summary>
internal sealed record PlaceRetention(Place Place, RetentionPlan Plan)
{
    public IEnumerable<PlannedDeletion> Deletions => Plan.Deletions.Select(line =>
        new PlannedDeletion(Place.Region, Place.Own.Single(own => own.Id == line.Id), line.Why));
}

/// <summary>A snapshot that no rule keeps.</summary>
internal sealed record PlannedDeletion(string Region, OwnSnapshot Snapshot, string Why);
