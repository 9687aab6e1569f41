namespace Automation.Snapshots;

/// <summary>Snapshots of all places, read once for a whole run.</summary>
internal sealed record FleetView
{
    /// <summary>Only one database's were asked for.</summary>
    public required bool OnlyOne { get; init; }

    public required SnapshotIndex Home { get; init; }

    /// <summary>By Region; every Region that a policy names but the home Region.</summary>
    public required IReadOnlyDictionary<string, DestinationView> Destinations { get; init; }
}

/// <summary>A Region that copies go to, as a run finds it.</summary>
/// <param name="Index">Its snapshots; <c>null</c> when they could not be read.</param>
/// <param name="Key">The key for copies there.</param>
/// <param name="Trouble">Why it could not be read.</param>
internal sealed record DestinationView(SnapshotIndex? Index, CopyKey Key, string Trouble);
