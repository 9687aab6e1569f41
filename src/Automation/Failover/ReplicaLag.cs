namespace Automation.Failover;

/// <summary>How far a reader of a cluster is behind its writer.</summary>
/// <param name="Instance">The reader.</param>
/// <param name="Lag">The most of the last minutes; <c>null</c> when CloudWatch has no value.</param>
internal sealed record ReplicaLag(string Instance, TimeSpan? Lag);
