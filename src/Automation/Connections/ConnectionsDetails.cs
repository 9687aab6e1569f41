using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Connections;

/// <summary>The <c>details</c> of an outcome of RelieveConnections, as the README documents them.</summary>
internal sealed record ConnectionsDetails
{
    /// <summary>Slots an ordinary role can take.</summary>
    [JsonPropertyName("usableSlots")]
    public required int UsableSlots { get; init; }

    [JsonPropertyName("used")]
    public required int Used { get; init; }

    /// <summary>Absent when nothing was done.</summary>
    [JsonPropertyName("usedAfter")]
    public int? UsedAfter { get; init; }

    /// <summary>The policy's share of the usable slots.</summary>
    [JsonPropertyName("target")]
    public required decimal Target { get; init; }

    [JsonPropertyName("targetSlots")]
    public required int TargetSlots { get; init; }

    [JsonPropertyName("startedLastMinute")]
    public required int StartedLastMinute { get; init; }

    /// <summary>Terminated, or in <c>observe</c> those that would be.</summary>
    [JsonPropertyName("sessions")]
    public required IReadOnlyList<SessionDetails> Sessions { get; init; }

    [JsonPropertyName("escalated")]
    public IReadOnlyList<string>? Escalated { get; init; }

    public static JsonElement None { get; } = JsonDocument.Parse("{}").RootElement;

    public static JsonElement Of(Relief relief) => JsonSerializer.SerializeToElement(new ConnectionsDetails
    {
        UsableSlots = relief.Before.Slots.Usable,
        Used = relief.Before.Used,
        UsedAfter = relief.After?.Used,
        Target = relief.Policy.Target,
        TargetSlots = ConnectionRules.TargetSlots(relief.Before.Slots, relief.Policy),
        StartedLastMinute = relief.Before.StartedLastMinute,
        Sessions = [.. relief.Attempts.Where(attempt => attempt.Result is not TerminationResult.Changed).Select(SessionDetails.Of)],
        Escalated = relief.Escalated.Count == 0 ? null : [.. relief.Escalated.Select(group => $"{group.Role}/{group.Application}")],
    }, ConnectionsJson.Default.ConnectionsDetails);
}

internal sealed record SessionDetails
{
    [JsonPropertyName("pid")]
    public required int Pid { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    [JsonPropertyName("application")]
    public required string Application { get; init; }

    [JsonPropertyName("address")]
    public required string? Address { get; init; }

    [JsonPropertyName("state")]
    public required string State { get; init; }

    [JsonPropertyName("heldSeconds")]
    public required long HeldSeconds { get; init; }

    [JsonPropertyName("why")]
    public required string Why { get; init; }

    public static SessionDetails Of(Attempt attempt) => new()
    {
        Pid = attempt.Victim.Session.Pid,
        Role = attempt.Victim.Session.Role ?? "",
        Application = attempt.Victim.Session.Application,
        Address = attempt.Victim.Session.ClientAddress,
        State = attempt.Victim.Session.State ?? "",
        HeldSeconds = (long)attempt.Victim.Held.TotalSeconds,
        Why = attempt.Result is TerminationResult.Signalled ? attempt.Victim.Why + "; signalled, still there after 3 s" : attempt.Victim.Why,
    };
}

/// <summary>What the ledger keeps of a session before it is ended. Never the statement's text.</summary>
internal sealed record BeforeImage
{
    [JsonPropertyName("pid")]
    public required int Pid { get; init; }

    [JsonPropertyName("backendStart")]
    public required DateTimeOffset? BackendStart { get; init; }

    [JsonPropertyName("role")]
    public required string? Role { get; init; }

    [JsonPropertyName("database")]
    public required string? Database { get; init; }

    [JsonPropertyName("application")]
    public required string Application { get; init; }

    [JsonPropertyName("address")]
    public required string? Address { get; init; }

    [JsonPropertyName("state")]
    public required string? State { get; init; }

    [JsonPropertyName("stateChange")]
    public required DateTimeOffset? StateChange { get; init; }

    [JsonPropertyName("wrote")]
    public required bool Wrote { get; init; }

    [JsonPropertyName("blocks")]
    public required int Blocks { get; init; }

    [JsonPropertyName("why")]
    public required string Why { get; init; }

    public static string Of(Victim victim) => JsonSerializer.Serialize(new BeforeImage
    {
        Pid = victim.Session.Pid,
        BackendStart = victim.Session.BackendStart,
        Role = victim.Session.Role,
        Database = victim.Session.Database,
        Application = victim.Session.Application,
        Address = victim.Session.ClientAddress,
        State = victim.Session.State,
        StateChange = victim.Session.StateChange,
        Wrote = victim.Session.Wrote,
        Blocks = victim.Blocks,
        Why = victim.Why,
    }, ConnectionsJson.Default.BeforeImage);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectionsDetails))]
[JsonSerializable(typeof(BeforeImage))]
internal sealed partial class ConnectionsJson : JsonSerializerContext;
