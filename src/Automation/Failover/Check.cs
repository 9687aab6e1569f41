namespace Automation.Failover;

/// <summary>One guard and what it saw. All of them are shown in <c>observe</c>, those that hold too.</summary>
/// <param name="Reason">The reason code of the refusal, when it does not hold.</param>
/// <param name="Holds">Whether the test may go on.</param>
/// <param name="Seen">What was seen, for a person.</param>
internal sealed record Check(string Reason, bool Holds, string Seen);
