using Amazon.RDS.Model;
using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>Asks RDS.</summary>
internal sealed class RdsSnapshotQuotas(IRdsRegions regions) : ISnapshotQuotas
{
    public async Task<IReadOnlyDictionary<DatabaseKind, Quota>> ReadAsync(CancellationToken cancellation)
    {
        var answer = await regions.In(regions.Home).DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), cancellation);
        var quotas = new Dictionary<DatabaseKind, Quota>();
        foreach (var quota in answer.AccountQuotas ?? [])
        {
            DatabaseKind? kind = quota.AccountQuotaName switch
            {
                "ManualSnapshots" => DatabaseKind.Instance,
                "ManualClusterSnapshots" => DatabaseKind.Cluster,
                _ => null,
            };
            if (kind is { } known && quota is { Used: { } used, Max: { } max }) quotas[known] = new Quota((int)used, (int)max);
        }
        return quotas;
    }
}
