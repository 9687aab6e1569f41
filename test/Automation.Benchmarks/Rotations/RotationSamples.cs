using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Secrets;

namespace Automation.Benchmarks.Rotations;

/// <summary>Whole rotations of one kind: times in milliseconds, as the caller of the function sees them.</summary>
internal sealed class RotationSamples
{
    /// <summary>The four steps together, without what the lab does between them.</summary>
    public Samples All { get; } = new();

    public IReadOnlyDictionary<string, Samples> Steps { get; } = RotationDriver.Steps.ToDictionary(step => step, _ => new Samples());

    /// <summary>How long the current version did not log in, as the function measures it; none for a function that does not tell.</summary>
    public Samples Gap { get; } = new();

    /// <summary>Calls to the AWS API in one rotation.</summary>
    public Samples AwsCalls { get; } = new();

    /// <summary>The calls of the last one.</summary>
    public IReadOnlyList<(string Service, string Action)> LastCalls { get; private set; } = [];

    public void Add(RotationRun run, IReadOnlyList<RecordedCall> calls)
    {
        All.Add(run.Steps.Sum(step => step.Duration.TotalMilliseconds));
        foreach (var step in run.Steps) Steps[step.Step].Add(step.Duration);
        if (GapOf(run.Steps[^1].Answer) is { } gap) Gap.Add(gap);
        AwsCalls.Add(calls.Count);
        LastCalls = [.. calls.Select(call => (call.Service, call.Action))];
    }

    private static double? GapOf(FunctionAnswer finish)
    {
        using var answer = JsonDocument.Parse(finish.Payload);
        return answer.RootElement.ValueKind == JsonValueKind.Object
            ? answer.RootElement.GetProperty("outcomes")[0].GetProperty("details").GetProperty("gapMs").GetDouble()
            : null;
    }
}
