using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Snapshots;

/// <summary>The <c>details</c> of an outcome of TakeSnapshots and ReconcileSnapshots, as the README documents them.</summary>
internal sealed record SnapshotsDetails
{
    public static readonly JsonElement None = new SnapshotsDetails().ToJson();

    /// <summary>Snapshots that were begun.</summary>
    [JsonPropertyName("taken")]
    public IReadOnlyList<string> Taken { get; init; } = [];

    /// <summary>Copies that were begun.</summary>
    [JsonPropertyName("copied")]
    public IReadOnlyList<string> Copied { get; init; } = [];

    /// <summary>Snapshots that were deleted, and those that would be.</summary>
    [JsonPropertyName("deleted")]
    public IReadOnlyList<Line> Deleted { get; init; } = [];

    /// <summary>Empty in runs over many databases.</summary>
    [JsonPropertyName("kept")]
    public IReadOnlyList<Line> Kept { get; init; } = [];

    /// <summary>How many are kept, also where they are not listed.</summary>
    [JsonPropertyName("keptCount")]
    public int KeptCount { get; init; }

    /// <summary>Snapshots that were shared, and of which a share ended.</summary>
    [JsonPropertyName("shared")]
    public IReadOnlyList<Line> Shared { get; init; } = [];

    /// <summary>The slot that is on, UTC.</summary>
    [JsonPropertyName("slot")]
    public DateTimeOffset? Slot { get; init; }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, SnapshotsJson.Default.SnapshotsDetails);

    /// <param name="Id">Its identifier.</param>
    /// <param name="Region">Where it is.</param>
    /// <param name="Why">A phrase for people.</param>
    internal sealed record Line(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("region")] string Region,
        [property: JsonPropertyName("why")] string Why);
}

/// <summary>What the ledger keeps of a snapshot before something is done to it.</summary>
internal sealed record SnapshotImage(string Arn, string Status, string? Slot, DateTimeOffset? CreatedAt, bool Encrypted, string Why);

/// <summary>JSON made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnapshotsDetails))]
[JsonSerializable(typeof(SnapshotImage))]
internal sealed partial class SnapshotsJson : JsonSerializerContext;
