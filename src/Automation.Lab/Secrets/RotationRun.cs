using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>How a rotation ended.</summary>
internal enum RotationOutcome
{
    Succeeded,
    Failed,

    /// <summary>Somebody took <c>AWSPENDING</c> from the version: no further step was invoked.</summary>
    Abandoned,
}

/// <summary>A rotation that has ended.</summary>
internal sealed record RotationRun
{
    public required string SecretArn { get; init; }
    public required string Token { get; init; }
    public required RotationOutcome Outcome { get; init; }

    /// <summary>Every invocation of every attempt, in order.</summary>
    public required IReadOnlyList<RotationStepRun> Steps { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>When it was noted.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>What stopped it, in a sentence; <c>null</c> on success.</summary>
    public string? Error { get; init; }

    public bool Succeeded => Outcome == RotationOutcome.Succeeded;

    /// <summary>How often it was begun at its first step.</summary>
    public int Attempts => Steps.Count == 0 ? 0 : Steps[^1].Attempt;
}

/// <summary>One invocation of the rotation function.</summary>
/// <param name="Attempt">1 for the first; a retry begins again at the first step.</param>
/// <param name="Step">As in the event: <c>createSecret</c>, <c>setSecret</c>, <c>testSecret</c>, <c>finishSecret</c>.</param>
/// <param name="Duration">As the caller saw it.</param>
/// <param name="Answer">What the function returned, or its error.</param>
internal sealed record RotationStepRun(int Attempt, string Step, TimeSpan Duration, FunctionAnswer Answer);
