using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Lab.Failover;

/// <summary>What failovers are made of.</summary>
internal sealed record FailoversServiceOptions
{
    /// <summary>Keeps the records.</summary>
    public required Uri Moto { get; init; }

    /// <summary>Learns who is a cluster's writer.</summary>
    public required DatabaseDirectory Databases { get; init; }

    /// <summary>The Region whose databases have servers.</summary>
    public required string Region { get; init; }

    /// <summary>Gets every event as EventBridge has it.</summary>
    public Action<JsonElement> OnEvent { get; init; } = _ => { };

    public required TimeProvider Time { get; init; }
}
