namespace Automation;

/// <summary>What a run must know of the invocation it belongs to.</summary>
/// <param name="RequestId">AWS request id; the same in Lambda's retries of one event.</param>
/// <param name="Deadline">When the run must be over, with a margin before Lambda ends the process.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline)
{
    /// <summary><see cref="Events.Origin"/>: for the last line of every message; <c>null</c> where nobody said.</summary>
    public string? Origin { get; init; }
}
