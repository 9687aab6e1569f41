using System.Text.Json;

namespace Automation.Lab.Snapshots;

/// <summary>What snapshots are made of.</summary>
internal sealed record SnapshotsServiceOptions
{
    /// <summary>Keeps the records.</summary>
    public required Uri Moto { get; init; }

    /// <summary>Keys, also moto's.</summary>
    public required LabKeys Keys { get; init; }

    /// <summary>The Region whose databases have servers, and that an id without a Region is looked for in.</summary>
    public required string Region { get; init; }

    /// <summary>Gets every event about a snapshot, of every Region: each belongs on the bus of its own.</summary>
    public Action<JsonElement> OnEvent { get; init; } = _ => { };

    public required TimeProvider Time { get; init; }
}
