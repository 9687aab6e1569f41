namespace Automation.Failover;

/// <summary>Which reader of a cluster is to become the writer. It is named in the call, so that a second call can never fail back.</summary>
internal static class TargetRules
{
    /// <summary>The available reader in another zone that RDS itself would promote first; <c>null</c> when there is none.</summary>
    public static FailoverMember? Of(FailoverTopology topology) => topology.Writer is not { Zone: { } zone } ? null
        : topology.Members
            .Where(member => !member.IsWriter && member.Status == "available" && member.Zone is { } other && other != zone)
            .OrderBy(member => member.PromotionTier)
            .ThenBy(member => member.Id, StringComparer.Ordinal)
            .FirstOrDefault();
}
