namespace Automation.Failover;

/// <summary>What a lane looked like before anything was done to the database.</summary>
internal sealed record Noise
{
    public required int Attempts { get; init; }
    public required int Failures { get; init; }

    /// <summary>From the start of an attempt to its last answer.</summary>
    public required TimeSpan Median { get; init; }

    /// <summary>Of a hundred attempts, 99 took less.</summary>
    public required TimeSpan Percentile99 { get; init; }

    /// <summary>The longest time between two good answers: what is no longer than this may be noise.</summary>
    public required TimeSpan LongestGap { get; init; }

    /// <summary>The median time from the start of one attempt to the start of the next: the interval that was really achieved.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>A lane that fails by itself proves nothing; one stall is nothing.</summary>
    /// <param name="fewest"><see cref="ProbeTimes.FewestAttempts"/>.</param>
    public bool IsSteady(int fewest) => Attempts >= fewest && Failures <= Math.Max(1, Attempts * NoiseRules.MostFailures);
}
