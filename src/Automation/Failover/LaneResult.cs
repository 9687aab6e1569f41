namespace Automation.Failover;

/// <summary>What one lane saw.</summary>
internal sealed record LaneResult
{
    public required Lane Lane { get; init; }
    public required Noise Noise { get; init; }
    public required Outage Reads { get; init; }

    /// <summary><c>null</c> on a reader.</summary>
    public required Outage? Writes { get; init; }

    /// <summary>When this lane first got an answer of the new writer; <c>null</c> when it never did.</summary>
    public required TimeSpan? FirstOfNewWriter { get; init; }
}
