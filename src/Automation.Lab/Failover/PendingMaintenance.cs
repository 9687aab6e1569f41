using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Failover;

/// <summary>Maintenance that waits for its time.</summary>
internal sealed record PendingMaintenance
{
    /// <summary>The ARN of the instance or cluster.</summary>
    public required string ResourceArn { get; init; }

    /// <summary>As <c>system-update</c> or <c>db-upgrade</c>.</summary>
    public required string Action { get; init; }

    public DateTimeOffset? AutoAppliedAfter { get; init; }

    public DateTimeOffset? CurrentApply { get; init; }

    public string Description { get; init; } = "New Operating System update is available";
}

/// <summary>DescribePendingMaintenanceActions.</summary>
internal sealed class PendingMaintenances
{
    private const string InstanceFilter = "db-instance-id", ClusterFilter = "db-cluster-id";

    /// <summary>None unless somebody adds one.</summary>
    public Journal<PendingMaintenance> All { get; } = new();

    public AwsAnswer Describe(AwsCall call)
    {
        var resource = call.Parameter("ResourceIdentifier");
        string[][] ids = [.. SnapshotFilter.Read(call).Where(f => f.Name is InstanceFilter or ClusterFilter).Select(f => f.Values.ToArray())];
        // A filter takes an identifier or an ARN.
        var wanted = All.Entries
            .Where(m => resource is null || m.ResourceArn == resource)
            .Where(m => ids.All(any => any.Contains(m.ResourceArn) || any.Contains(m.ResourceArn.Split(':')[^1], StringComparer.OrdinalIgnoreCase)));
        return Of(call, Element("PendingMaintenanceActions", wanted.GroupBy(m => m.ResourceArn).Select(of => Element("ResourcePendingMaintenanceActions",
            Element("ResourceIdentifier", of.Key),
            Element("PendingMaintenanceActionDetails", of.Select(m => Element("PendingMaintenanceAction",
                Element("Action", m.Action),
                Optional("AutoAppliedAfterDate", m.AutoAppliedAfter),
                Optional("CurrentApplyDate", m.CurrentApply),
                Element("Description", m.Description))))))));
    }
}
