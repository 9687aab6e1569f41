using System.Text.Json;
using System.Text.Json.Serialization;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>The <c>details</c> of an outcome of GrowStorage and ForecastStorage, as the README documents them.</summary>
internal sealed record StorageDetails
{
    /// <summary>Of Aurora <c>null</c>.</summary>
    [JsonPropertyName("allocatedGiB")]
    public required int? AllocatedGiB { get; init; }

    /// <summary>Asked for, or that would be; <c>null</c> when it is not grown.</summary>
    [JsonPropertyName("targetGiB")]
    public int? TargetGiB { get; init; }

    /// <summary><c>null</c> when nobody measured it.</summary>
    [JsonPropertyName("freeBytes")]
    public required long? FreeBytes { get; init; }

    /// <summary>The same.</summary>
    [JsonPropertyName("usedBytes")]
    public long? UsedBytes { get; init; }

    /// <summary><c>null</c> when it does not grow, or nobody knows (<see cref="Unknown"/>).</summary>
    [JsonPropertyName("daysToFull")]
    public DaysDetails? DaysToFull { get; init; }

    /// <summary>Until <see cref="CapGiB"/>.</summary>
    [JsonPropertyName("daysToCap")]
    public DaysDetails? DaysToCap { get; init; }

    /// <summary>The size that is never passed: the tag's, or that of RDS's own autoscaling.</summary>
    [JsonPropertyName("capGiB")]
    public int? CapGiB { get; init; }

    /// <summary><c>data</c>, <c>abandoned-slot</c>, <c>lagging-slot</c>, <c>runaway-temporary</c>, <c>logs</c>, <c>dead-rows</c>, <c>unknown</c>; <c>null</c> when nobody looked.</summary>
    [JsonPropertyName("cause")]
    public string? Cause { get; init; }

    [JsonPropertyName("bytes")]
    public BytesDetails? Bytes { get; init; }

    /// <summary>Why there is no forecast.</summary>
    [JsonPropertyName("unknown")]
    public string? Unknown { get; init; }

    /// <summary>What makes the forecast uncertain, and what could not be seen.</summary>
    [JsonPropertyName("doubts")]
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>Replication slots that keep WAL.</summary>
    [JsonPropertyName("slots")]
    public IReadOnlyList<SlotDetails> Slots { get; init; } = [];

    /// <summary>The largest tables.</summary>
    [JsonPropertyName("relations")]
    public IReadOnlyList<RelationDetails> Relations { get; init; } = [];

    /// <summary>Statements that a person may run; the automation runs none.</summary>
    [JsonPropertyName("statements")]
    public IReadOnlyList<string> Statements { get; init; } = [];

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StorageJson.Default.StorageDetails);

    public static StorageDetails Of(StorageReport report, int? targetGiB) => new()
    {
        AllocatedGiB = report.Facts.Volume.IsAurora ? null : report.Facts.Volume.AllocatedGiB,
        TargetGiB = targetGiB,
        FreeBytes = report.Facts.Outlook.FreeBytes is { } free ? (long)free : null,
        UsedBytes = report.Facts.UsedBytes is { } used ? (long)used : null,
        DaysToFull = DaysDetails.Of(report.Facts.Outlook.Days),
        DaysToCap = DaysDetails.Of(report.Facts.Outlook.DaysToCap),
        CapGiB = report.Facts.Volume.AutoscalingCapGiB ?? report.Policy.MaxGiB,
        Cause = report.Facts.Diagnosis == Diagnoses.None ? null : report.Facts.Diagnosis.Name,
        Bytes = report.Parts is { } parts ? BytesDetails.Of(parts) : null,
        Unknown = report.Facts.Outlook.Unknown,
        Doubts = [.. report.Facts.Outlook.Doubts, .. report.Parts?.Unseen ?? [], .. report.Table?.Blind ?? []],
        Slots = [.. (report.Table?.Slots ?? []).Take(5).Select(SlotDetails.Of)],
        Relations = [.. (report.Table?.Relations ?? []).Take(5).Select(RelationDetails.Of)],
        Statements = [.. report.Facts.Diagnosis.Advice.SelectMany(advice => advice.Statements)],
    };
}

internal sealed record DaysDetails(
    [property: JsonPropertyName("low")] double Low, [property: JsonPropertyName("likely")] double Likely, [property: JsonPropertyName("high")] double High)
{
    public static DaysDetails? Of(DaysToFull? days) => days is { } known ? new(Math.Round(known.Low, 2), Math.Round(known.Likely, 2), Math.Round(known.High, 2)) : null;
}

/// <summary><c>null</c>: could not be seen, and is in <c>other</c>.</summary>
internal sealed record BytesDetails(
    [property: JsonPropertyName("relations"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Relations,
    [property: JsonPropertyName("wal"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Wal,
    [property: JsonPropertyName("temporary"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Temporary,
    [property: JsonPropertyName("logs"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Logs,
    [property: JsonPropertyName("largeObjects"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? LargeObjects,
    [property: JsonPropertyName("other")] long Other)
{
    public static BytesDetails Of(ByteParts parts) => new(parts.Relations, parts.Wal, parts.Temporary, parts.Logs, parts.LargeObjects, parts.Other);
}

internal sealed record SlotDetails(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("active")] bool Active,
    [property: JsonPropertyName("retainedBytes"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? RetainedBytes,
    [property: JsonPropertyName("walStatus")] string? WalStatus)
{
    public static SlotDetails Of(ReplicationSlot slot) => new(Shown.Name(slot.Name), slot.Type, slot.Active, slot.RetainedBytes, slot.WalStatus);
}

internal sealed record RelationDetails(
    [property: JsonPropertyName("database")] string Database, [property: JsonPropertyName("relation")] string Relation, [property: JsonPropertyName("bytes")] long Bytes)
{
    public static RelationDetails Of(RelationBytes relation) => new(Shown.Name(relation.Database), Shown.Name($"{relation.Schema}.{relation.Name}"), relation.Bytes);
}

/// <summary>JSON made at compile time. Members that say "nothing" by being <c>null</c> are written.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(StorageDetails))]
internal sealed partial class StorageJson : JsonSerializerContext;
