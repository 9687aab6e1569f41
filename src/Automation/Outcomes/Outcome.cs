using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>One database's part of a function's result; its JSON is fixed by the README's "Result of a function".</summary>
public sealed record Outcome
{
    /// <summary>Identifier of the instance or cluster; the alarm's name where no database could be told.</summary>
    [JsonPropertyName("database")]
    public required string Database { get; init; }

    /// <summary><c>instance</c>, <c>cluster</c> or <c>unknown</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>What became of it.</summary>
    [JsonPropertyName("decision")]
    public required Decision Decision { get; init; }

    /// <summary>Kebab-case code from the capability's documented list.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>One sentence a person understands.</summary>
    [JsonPropertyName("summary")]
    public required string Summary { get; init; }

    /// <summary>ARN of the database, or of the alarm where no database could be told.</summary>
    [JsonPropertyName("resource")]
    public required string Resource { get; init; }

    /// <summary>The capability's own facts; an empty object where there are none.</summary>
    [JsonPropertyName("details")]
    public required JsonElement Details { get; init; }
}
