using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>What a function returns, and the last log line of an invocation.</summary>
public sealed record FunctionResult
{
    /// <summary><c>connections</c>, <c>storage</c>, <c>snapshots</c>, <c>failover</c>, <c>secrets</c> or <c>preparation</c>.</summary>
    [JsonPropertyName("capability")]
    public required string Capability { get; init; }

    /// <summary>The function's <c>MODE</c>; a database's tag may have weakened it.</summary>
    [JsonPropertyName("mode")]
    public required Mode Mode { get; init; }

    /// <summary>One for each database looked at.</summary>
    [JsonPropertyName("outcomes")]
    public required IReadOnlyList<Outcome> Outcomes { get; init; }
}
