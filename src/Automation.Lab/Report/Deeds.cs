namespace Automation.Lab.Report;

/// <summary>What the automation did, as moments. Pure: from what functions called and answered, whichever was heard of first.</summary>
internal static class Deeds
{
    /// <summary>Changes through AWS; and for a decision to act without one, what was done in the database itself.</summary>
    public static IEnumerable<RunMoment> Of(IReadOnlyList<RunDecision> decisions, IReadOnlyList<RunInvocation> invocations, IReadOnlyList<RunCall> changes)
    {
        var calls = changes.Where(change => change.Function.Length > 0 && change.Service is ("rds" or "secretsmanager")).ToList();
        foreach (var call in calls) yield return OfCall(call);
        foreach (var decision in decisions.Where(decision => decision.Decision == "acted"))
        {
            var began = invocations.Where(one => one.Function == decision.Function && one.At == decision.At).Select(one => one.BeganAt).DefaultIfEmpty(decision.At).Min();
            if (calls.Any(call => call.Succeeded && call.Function == decision.Function && call.At >= began && call.At <= decision.At)) continue;
            yield return new RunMoment { At = decision.At, Kind = MomentKind.Action, Label = AnswerReading.Deed(decision), Text = decision.Summary, Database = decision.Database };
        }
    }

    private static RunMoment OfCall(RunCall call) => new()
    {
        At = call.At,
        Kind = MomentKind.Action,
        Label = call.Action,
        Text = call.About,
        Weight = call.Succeeded ? Weight.Plain : Weight.Bad,
    };
}
