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
