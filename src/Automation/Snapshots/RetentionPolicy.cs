namespace Automation.Snapshots;

/// <summary>
/// How many snapshots to keep of each tier (grandfather-father-son): of each of the last so many hours, days, ISO weeks, months
/// and years in which there is one, the newest. A tier of 0 keeps none.
/// </summary>
internal sealed record RetentionPolicy
{
    public int Hourly { get; init; } = 8;
    public int Daily { get; init; } = 7;
    public int Weekly { get; init; } = 4;
    public int Monthly { get; init; } = 12;
    public int Yearly { get; init; } = 3;

    /// <summary>The newest so many are kept whatever the tiers say; at least 1.</summary>
    public int Min { get; init; } = 3;
}
