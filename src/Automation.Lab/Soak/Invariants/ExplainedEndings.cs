namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// No refusal and no failure without a reason that the README knows and a sentence; no invocation fails without a trace, and what no
/// retry mends reaches somebody.
/// </summary>
internal static class ExplainedEndings
{
    private const int ShortestSentence = 10;

    public static Verdict Judge(SoakFacts facts) => new(
        "7 every refusal has a reason, every failure is reported",
        [
            new(facts.Invocations.Sum(invocation => invocation.Outcomes.Count), "answers"),
            new(facts.Invocations.Count(invocation => invocation is { Succeeded: false, ProcessEnded: false }), "failed invocations", MayBeAbsent: true),
            new(facts.Invocations.Count(invocation => invocation.WasKilled), "killed ones", MayBeAbsent: true),
            new(facts.FinalFailures.Count, "failures that no retry mended", MayBeAbsent: true),
        ],
        [
            .. facts.Invocations.SelectMany(invocation => invocation.Outcomes.Where(outcome => !IsExplained(facts, outcome))
                .Select(outcome => $"{invocation.Function} said '{outcome.Decision}' with reason '{outcome.Reason}' and sentence '{outcome.Summary}'")),
            .. facts.Invocations.Where(invocation => invocation is { ProcessEnded: true, WasKilled: false })
                .Select(invocation => $"{invocation.Function} {invocation.RequestId} ended by itself: {invocation.ErrorType} {invocation.ErrorMessage}"),
            .. facts.Invocations.Where(invocation => invocation is { Succeeded: false, ProcessEnded: false, FailureIsLogged: false })
                .Select(invocation => $"{invocation.Function} {invocation.RequestId} failed without a trace: {invocation.ErrorType} {invocation.ErrorMessage}"),
            .. facts.FinalFailures.Where(failure => !failure.Told).Select(failure => $"nobody hears that {failure.What}"),
        ]);

    private static bool IsExplained(SoakFacts facts, OutcomeSeen outcome) =>
        facts.KnownReasons.Contains(outcome.Reason) && outcome.Summary.Length >= ShortestSentence;
}
