namespace Automation.Snapshots;

/// <summary>What the forecast knows of one database: its own snapshots at home, and what will be made and kept.</summary>
internal sealed record SnapshotSeries
{
    /// <summary>
    /// Slots of its good snapshots at home, each once, in any order. Without those that retention may not delete (held, shared):
    /// they count in what is used, and stay.
    /// </summary>
    public required IReadOnlyList<DateTimeOffset> Slots { get; init; }

    /// <summary>Whole hours, at least one.</summary>
    public required TimeSpan Every { get; init; }

    public required RetentionPolicy Policy { get; init; }
}

/// <summary>Whether the present policies fit into the quota of manual snapshots of a Region.</summary>
/// <param name="FullOn">The first day, UTC, on which a snapshot that is due finds no room; <c>null</c> when none is within the horizon.</param>
/// <param name="Bound">The most snapshots there can be under the present policies, those of other people as they are now included.</param>
internal sealed record QuotaForecast(DateOnly? FullOn, int Bound);
