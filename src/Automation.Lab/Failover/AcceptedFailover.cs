namespace Automation.Lab.Failover;

/// <summary>A call that RDS answered with yes.</summary>
/// <param name="DatabaseId">The instance, or the cluster.</param>
/// <param name="Target">Of a cluster: who is to be the writer.</param>
/// <param name="Forced">A failover, and not a reboot in place.</param>
/// <param name="Script">How it is played.</param>
/// <param name="At">When it was accepted.</param>
internal sealed record AcceptedFailover(string DatabaseId, string? Target, bool Forced, FailoverScript Script, Moment At);

/// <summary>An accepted failover when everything about it was over, the zones in the answers included.</summary>
internal sealed record EndedFailover(AcceptedFailover Accepted, FailoverTruth Truth);
