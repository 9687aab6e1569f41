namespace Automation.Fleet;

/// <summary>Asks RDS for all databases.</summary>
internal sealed class RdsInventory(IRdsRegions regions) : IDatabaseInventory
{
    public async Task<IReadOnlyList<RdsDatabase>> ListAsync(string? id, CancellationToken cancellation)
    {
        var rds = regions.In(regions.Home);
        return
        [
            .. (await RdsPages.InstancesAsync(rds, id, cancellation)).Select(instance => RdsDatabases.Of(instance, null)),
            .. (await RdsPages.ClustersAsync(rds, id, cancellation)).Select(RdsDatabases.Of),
        ];
    }
}
