using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Preparation;

/// <summary>The <c>details</c> of an outcome of PrepareDatabase, as the README documents them; also what the ledger keeps of a plan.</summary>
internal sealed record PreparationDetails
{
    /// <summary>The steps that were made, or would be; empty when the role is right.</summary>
    [JsonPropertyName("plan")]
    public required IReadOnlyList<string> Plan { get; init; }

    /// <summary>Whether they were made and committed; <c>null</c> when the server's answer was lost.</summary>
    [JsonPropertyName("applied"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool? Applied { get; init; }

    /// <summary>What the script warned of.</summary>
    [JsonPropertyName("messages")]
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>What the role said of itself after it had logged in; empty when it did not.</summary>
    [JsonPropertyName("checks")]
    public IReadOnlyList<CheckDetails> Checks { get; init; } = [];

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, PreparationJson.Default.PreparationDetails);
}

internal sealed record CheckDetails(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("ok")] bool Ok, [property: JsonPropertyName("whatToDo")] string WhatToDo)
{
    public static CheckDetails Of(SelfCheck check) => new(check.Name, check.Ok, check.WhatToDo);
}

[JsonSerializable(typeof(PreparationDetails))]
internal sealed partial class PreparationJson : JsonSerializerContext;
