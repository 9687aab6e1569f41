namespace Automation.Fleet;

/// <summary>Every database of this account and Region.</summary>
internal interface IDatabaseInventory
{
    /// <summary>Instances (members of clusters too) and clusters, by 100 in a call. DocumentDB's and Neptune's are among them.</summary>
    /// <param name="id">Only an instance or cluster of this name; <c>null</c> for all.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<IReadOnlyList<RdsDatabase>> ListAsync(string? id, CancellationToken cancellation);
}
