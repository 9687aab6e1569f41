namespace Automation.Failover;

/// <summary>One instance that a failover concerns: a Multi-AZ instance itself, or a member of a cluster.</summary>
internal sealed record FailoverMember
{
    public required string Id { get; init; }
    public required string Arn { get; init; }
    public required string Status { get; init; }

    /// <summary>Its Availability Zone; <c>null</c> when RDS does not say.</summary>
    public required string? Zone { get; init; }

    public required bool IsWriter { get; init; }

    /// <summary>Its own, beside those of its cluster.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a cluster: the lower, the sooner RDS itself would promote it.</summary>
    public int PromotionTier { get; init; }

    /// <summary>Settings that RDS has still to apply, by name.</summary>
    public IReadOnlyList<string> PendingModifications { get; init; } = [];
}
