namespace Automation.Failover;

/// <summary>Something that happened, on the scale of the call: negative before it.</summary>
/// <param name="At">Since the call.</param>
/// <param name="Event">As in <c>first write error (writer, fresh): timeout</c>.</param>
/// <param name="IsAnnotation">Told by RDS, on its own clock: late, rounded or out of order. Nothing is measured by it.</param>
/// <param name="Kind">Of an annotation.</param>
internal sealed record TimelineEvent(TimeSpan At, string Event, bool IsAnnotation = false, FailoverEventKind Kind = FailoverEventKind.Other);
