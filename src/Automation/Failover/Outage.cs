namespace Automation.Failover;

/// <summary>What a client of one lane missed of one operation. Times count from the start of the probing.</summary>
internal sealed record Outage
{
    /// <summary>All time without a good answer: from the last one before each failure to the first one after it.</summary>
    public required TimeSpan Down { get; init; }

    /// <summary>The last good answer before the first failure; <c>null</c> when nothing failed.</summary>
    public required TimeSpan? From { get; init; }

    /// <summary>The first good answer after the last failure; <c>null</c> when nothing failed or it never came.</summary>
    public required TimeSpan? To { get; init; }

    /// <summary>Stretches without a good answer; more than one means that it came back and went again.</summary>
    public required int Interruptions { get; init; }

    /// <summary>Started when the first one failed; <c>null</c> when nothing failed.</summary>
    public required TimeSpan? FirstFailure { get; init; }

    public required string? FirstError { get; init; }

    /// <summary>Time spent in failing attempts, by what was met.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> ByError { get; init; }

    public bool Recovered => From is null || To is not null;
}
