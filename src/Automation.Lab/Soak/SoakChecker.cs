using Automation.Lab.Soak.Invariants;

namespace Automation.Lab.Soak;

/// <summary>Judges a soak by the truth, and repeats no secret (<see cref="SoakMask"/>).</summary>
internal static class SoakChecker
{
    /// <summary>One verdict for each invariant, in their order.</summary>
    public static IReadOnlyList<Verdict> Judge(SoakFacts facts) => [.. Verdicts(facts).Select(verdict => SoakMask.Over(verdict, facts.Canaries))];

    private static IReadOnlyList<Verdict> Verdicts(SoakFacts facts) =>
    [
        KeptWrites.Judge(facts),
        SparedSessions.Judge(facts),
        RightDeletions.Judge(facts),
        WorkingLogins.Judge(facts),
        ActedOnce.Judge(facts),
        RecordedBefore.Judge(facts),
        ExplainedEndings.Judge(facts),
        KeptBudgets.Judge(facts),
        NoSecrets.Judge(facts),
        ObeyedSwitch.Judge(facts),
    ];
}
