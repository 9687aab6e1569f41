namespace Automation.Lab.Failover;

/// <summary>A second server of an instance, in another zone.</summary>
internal sealed record MultiAz
{
    /// <summary>
    /// As on RDS: a commit is answered when both servers have it. <c>false</c> is what RDS never is: it shows that a lost
    /// row is noticed.
    /// </summary>
    public bool Synchronous { get; init; } = true;
}
