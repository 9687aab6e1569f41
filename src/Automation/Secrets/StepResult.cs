using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>How a step ended.</summary>
/// <param name="Decision">Anything but acted, observed and nothing-to-do is answered as an error, or Secrets Manager would go on to the next step.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Summary">One sentence. No password and no token; the name of a role only in a plan that a person asked for.</param>
internal sealed record StepResult(Decision Decision, string Reason, string Summary)
{
    /// <summary>What was loaded before it ended; <c>null</c> when it ended before.</summary>
    public Rotation? Rotation { get; init; }

    /// <summary>How long the current secret did not log in; <c>null</c> where this step did not end a rotation.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>More for a person, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>A guard said no, or something failed.</summary>
    public bool IsStopped => Decision is Decision.Refused or Decision.Failed;

    public static StepResult Stopped(Refusal refusal, Rotation? rotation = null) =>
        new(refusal.MayPass ? Decision.Failed : Decision.Refused, refusal.Reason, refusal.Sentence) { Rotation = rotation };
}
