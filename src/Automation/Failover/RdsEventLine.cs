namespace Automation.Failover;

/// <summary>An event as <c>DescribeEvents</c> gives it: without an id, possibly late, possibly missing.</summary>
internal sealed record RdsEventLine(DateTimeOffset At, string Source, string Message);
