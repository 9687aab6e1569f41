using System.Globalization;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;

namespace Automation.Lab.Soak;

/// <summary>Everything at once: a plan of incidents and faults happens in a lab, and the truth is held against the invariants.</summary>
internal static class Soak
{
    /// <summary>How long what has begun may take to end: a failover test alone takes half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <returns>The exit code: 0 when every invariant holds, else 1.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, or something did not end in time.</exception>
    public static async Task<int> RunAsync(SoakOptions options, IStory story, CancellationToken cancellation)
    {
        var (verdicts, problems) = await JudgeAsync(options, story, cancellation);
        return problems.Count == 0 && verdicts.All(verdict => verdict.Holds) ? 0 : 1;
    }

    /// <summary>The same, for those who want to know which invariant does not hold.</summary>
    public static async Task<(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Problems)> JudgeAsync(
        SoakOptions options, IStory story, CancellationToken cancellation)
    {
        var plan = SoakPlan.Of(options.Seed, options.Length);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Length + Patience);

        story.Chapter(string.Create(CultureInfo.InvariantCulture, $"A soak of {options.Length.TotalSeconds:0} seconds, seed {options.Seed}"));
        story.Table("the plan", ["at", "what happens"], [.. plan.Steps.Select(step => (IReadOnlyList<string>)[step.At.ToString(@"m\:ss\.f", CultureInfo.InvariantCulture), step.What])]);
        await using var lab = await story.StepAsync("building an account with four databases", () => SoakLab.StartAsync(options, story.Line, limit.Token),
            lab => $"AWS API at {lab.Account.Endpoint.Uri}");
        var witness = new SoakWitness(lab);
        await using var run = new SoakRun(lab, plan, witness);
        try
        {
            await run.PrepareAsync(limit.Token);
            await story.StepAsync("everything at once", () => Yes(run.PlayAsync(limit.Token)), _ => $"{lab.Functions.Invocations.Count()} invocations so far");
            await story.StepAsync("no more faults: the schedules once more, and what is left", () => Yes(run.SettleAsync(limit.Token)),
                _ => $"{lab.Functions.Invocations.Count()} invocations in all");
        }
        finally
        {
            // Of a soak that did not end it says most.
            if (options.Log is { } log) await File.WriteAllLinesAsync(log, lab.Functions.Logs.Select(entry => $"{entry.Function} {entry.Line}"), CancellationToken.None);
        }
        var facts = await new SoakEvidence(lab, witness, run).GatherAsync(limit.Token);
        var verdicts = SoakChecker.Judge(facts);
        IReadOnlyList<string> problems = [.. facts.Problems.Select(problem => SoakMask.Over(problem, facts.Canaries))];
        Tell(story, lab, facts, verdicts, problems);
        return (verdicts, problems);
    }

    private static void Tell(IStory story, SoakLab lab, SoakFacts facts, IReadOnlyList<Verdict> verdicts, IReadOnlyList<string> problems)
    {
        var (calls, bus) = (lab.Account.Endpoint.Calls.Entries, lab.Account.Bus);
        story.Table("invocations", ["function", "all", "failed"], [.. facts.Invocations.GroupBy(invocation => invocation.Function).OrderBy(of => of.Key, StringComparer.Ordinal)
            .Select(of => (IReadOnlyList<string>)[of.Key, Number(of.Count()), Number(of.Count(invocation => !invocation.Succeeded))])]);
        story.Table("what they said", ["function", "decision", "reason", "times"], [.. facts.Invocations
            .SelectMany(invocation => invocation.Succeeded ? invocation.Outcomes.Select(outcome => (invocation.Function, outcome.Decision, Reason: SoakMask.Over(outcome.Reason, facts.Canaries))) : [(invocation.Function, "error", ReasonOf(facts, invocation))])
            .CountBy(said => said).OrderBy(said => said.Key).Select(said => (IReadOnlyList<string>)[said.Key.Function, said.Key.Decision, said.Key.Reason, Number(said.Value)])]);
        story.Table("faults that came to be", ["fault", "times"],
        [
            .. calls.Where(call => call.Fault is not null).CountBy(call => call.Fault!.Value).OrderBy(fault => fault.Key)
                .Select(fault => (IReadOnlyList<string>)[fault.Key.ToString(), Number(fault.Value)]),
            ["function killed", Number(lab.Functions.Kills)],
            ["event not handed over at once, or never", Number(bus.DeadLetters.Entries.Count)],
            ["retry of an invocation", Number(bus.Attempts.Entries.Count(attempt => attempt.Attempt > 1))],
        ]);
        story.Table("actions that took effect", ["action", "times"],
        [
            .. facts.Calls.Where(call => call.TookEffect).CountBy(call => call.Name).OrderBy(call => call.Key, StringComparer.Ordinal)
                .Select(call => (IReadOnlyList<string>)[call.Key, Number(call.Value)]),
            ["sessions ended", Number(facts.Sessions.Count(session => !session.Lived))],
        ]);
        story.Line($"logins of applications: {Number(facts.Attempts.Count)}, of which {Number(facts.Attempts.Count(login => !login.GotIn))} failed; notifications: {Number(lab.Account.Notifications.Entries.Count)}");
        foreach (var problem in problems) story.Line($"a problem of the lab itself: {problem}");
        foreach (var verdict in verdicts)
        {
            foreach (var violation in verdict.Violations) story.Line($"VIOLATION of {verdict.Invariant}: {violation}");
            foreach (var missing in verdict.Missing) story.Line($"NOT SHOWN by this soak, of {verdict.Invariant}: {missing}");
            story.Check(new Check(verdict.Invariant, verdict.Holds, $"{string.Join(", ", verdict.Shown.Select(of => of.Text))}; {Number(verdict.Violations.Count)} violations"));
        }
    }

    // "storage failed for events: unanswered: …"
    private static string ReasonOf(SoakFacts facts, InvocationSeen failed)
    {
        var text = SoakMask.Over(failed.ErrorMessage, facts.Canaries);
        return text.Length > 90 ? text[..90] + "…" : text;
    }

    private static async Task<bool> Yes(Task work)
    {
        await work;
        return true;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
