namespace Automation.Failover;

/// <summary>A way that had no good answer before the test, and so says nothing about it.</summary>
/// <param name="Lane">Which.</param>
/// <param name="Error">What its last attempt met.</param>
internal sealed record SilentLane(Lane Lane, string Error);
