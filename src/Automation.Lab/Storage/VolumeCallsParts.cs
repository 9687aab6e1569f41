using Automation.Lab.Snapshots;

namespace Automation.Lab.Storage;

/// <summary>What calls about storage need.</summary>
internal sealed record VolumeCallsParts
{
    /// <summary>Knows what exists.</summary>
    public required MotoRds Moto { get; init; }

    /// <summary>An instance with a volume by its Region and identifier.</summary>
    public required Func<string, string, VolumeDatabase?> Find { get; init; }

    /// <summary>How long after a change the next is refused.</summary>
    public required Func<TimeSpan> Cooldown { get; init; }

    /// <summary>Begins what was accepted.</summary>
    public required Action<VolumeDatabase, AcceptedModification> OnAccepted { get; init; }

    public required Action<RefusedModification> OnRefused { get; init; }

    public required TimeProvider Time { get; init; }
}
