using Amazon.RDS.Model;
using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>How many manual snapshots the account may have in the home Region.</summary>
internal interface ISnapshotQuotas
{
    /// <summary>Used and most, of instances and of clusters; a quota that RDS does not name is left out.</summary>
    Task<IReadOnlyDictionary<DatabaseKind, Quota>> ReadAsync(CancellationToken cancellation);
}

/// <param name="Used">Everybody's manual snapshots.</param>
/// <param name="Max">How many there may be.</param>
internal sealed record Quota(int Used, int Max);

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
