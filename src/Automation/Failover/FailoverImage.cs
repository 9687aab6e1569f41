using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Failover;

/// <summary>What the ledger keeps of a database before its failover.</summary>
internal sealed record FailoverImage
{
    [JsonPropertyName("writer")]
    public required string? Writer { get; init; }

    [JsonPropertyName("zone")]
    public required string? Zone { get; init; }

    /// <summary>Of a cluster.</summary>
    [JsonPropertyName("target")]
    public required string? Target { get; init; }

    [JsonPropertyName("server")]
    public required string? Server { get; init; }

    [JsonPropertyName("serverStarted")]
    public required DateTimeOffset? ServerStarted { get; init; }

    public static FailoverImage Of(FailoverFacts facts, string? target) => new()
    {
        Writer = facts.Topology.Writer?.Id,
        Zone = facts.Topology.Writer?.Zone,
        Target = target,
        Server = facts.Server?.Identity.Address,
        ServerStarted = facts.Server?.Identity.Started,
    };
}

[JsonSerializable(typeof(FailoverImage))]
[JsonSerializable(typeof(EarlierTest))]
internal sealed partial class FailoverRecordJson : JsonSerializerContext
{
    /// <summary>The tests that a history tells of; one whose result cannot be read says nothing.</summary>
    public static EarlierTest? Read(string? after)
    {
        if (after is null) return null;
        try
        {
            return JsonSerializer.Deserialize(after, Default.EarlierTest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
