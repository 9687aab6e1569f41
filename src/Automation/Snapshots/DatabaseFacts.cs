using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>Everything ReconcileSnapshots knows of one database.</summary>
internal sealed record DatabaseFacts
{
    public required RdsDatabase Database { get; init; }
    public required SnapshotsPolicy Policy { get; init; }
    public required Place Home { get; init; }

    /// <summary>One for each Region the policy names, the home Region left out.</summary>
    public required IReadOnlyList<Destination> Destinations { get; init; }

    /// <summary>Accounts that may restore the newest good snapshot, as RDS says; only asked where the policy names accounts.</summary>
    public IReadOnlyList<string> NewestSharedWith { get; init; } = [];

    /// <summary>For each account of the policy that the newest good snapshot is not shared with: what its key allows.</summary>
    public IReadOnlyDictionary<string, SharedKey> SharedKeys { get; init; } = new Dictionary<string, SharedKey>();

    /// <summary>Log group of TakeSnapshots; <c>null</c> where its name is not known.</summary>
    public string? TakeLog { get; init; }

    /// <summary>ARNs of snapshots of which RDS said that another account may restore them.</summary>
    public IReadOnlySet<string> Shared { get; init; } = new HashSet<string>();
}
