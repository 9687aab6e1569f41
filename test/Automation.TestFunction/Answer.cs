using System.Text.Json.Serialization;

namespace Automation.TestFunction;

/// <summary>What the process and its context say of themselves.</summary>
public sealed record Answer
{
    public int ProcessId { get; init; }

    public int Invocation { get; init; }

    public string? RequestId { get; init; }

    public string? FunctionName { get; init; }

    public string? FunctionArn { get; init; }

    public string? TraceId { get; init; }

    public string? Region { get; init; }

    public int MemoryLimitInMB { get; init; }

    public double RemainingSeconds { get; init; }

    [JsonPropertyName("variables")]
    public IReadOnlyList<string> Variables { get; init; } = [];

    public string? Nothing { get; init; }
}
