using System.Text.Json;

namespace Automation.Lab.Snapshots;

/// <summary>What the actions share.</summary>
internal sealed record SnapshotParts
{
    public required MotoRds Moto { get; init; }

    public required SnapshotShelf Shelf { get; init; }

    public required SnapshotView View { get; init; }

    public required SnapshotWork Work { get; init; }

    public required AccountAttributes Account { get; init; }

    public required Action<JsonElement> OnEvent { get; init; }

    public required TimeProvider Time { get; init; }

    public DateTimeOffset Now => Time.GetUtcNow();
}
