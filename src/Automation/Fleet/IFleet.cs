namespace Automation.Fleet;

/// <summary>The databases of this account and Region.</summary>
internal interface IFleet
{
    /// <summary>The instance, or <c>null</c> when RDS does not know it; any other error is thrown.</summary>
    Task<RdsDatabase?> FindInstanceAsync(string id, CancellationToken cancellation);

    /// <summary>The instance that is the cluster's writer now, or <c>null</c> when there is no such cluster or writer.</summary>
    Task<RdsDatabase?> FindClusterWriterAsync(string clusterId, CancellationToken cancellation);
}
