namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// From when the kill switch can be read until it is lifted no action is begun: none is recorded, and no call is made whose record is
/// not from before. A rotation that the switch finds between the database and the label goes on to its label (docs/design.md, 9): its
/// record is from before.
/// </summary>
internal static class ObeyedSwitch
{
    public static Verdict Judge(SoakFacts facts)
    {
        var met = facts.Invocations.Where(invocation => facts.Stops.Any(stop => invocation.BegunAt < stop.LiftedAt && invocation.EndedAt > stop.ThrownAt)).ToList();
        return new("10 the kill switch is obeyed",
        [
            new(met.Count, "invocations that met it"),
            new(facts.Invocations.Count(invocation => invocation.Outcomes.Any(outcome => outcome.Reason == "stopped")), "that stopped for it"),
            .. SoakNames.Acting.Select(function => new Shown(met.Count(invocation => invocation.Function == function), $"of {function}", MayBeAbsent: true)),
        ],
        [
            .. facts.Actions.Where(action => facts.Stops.Any(stop => stop.Contains(action.At)))
                .Select(action => $"{action.Action} of {action.Key} was begun at {action.At:HH:mm:ss.fff}, while the switch was thrown"),
            .. facts.Calls.Where(call => facts.Stops.FirstOrDefault(stop => stop.Contains(call.At)) is { } stop
                && !facts.Actions.Any(record => record.Action == call.Action && record.Key == call.Key && record.At <= stop.ThrownAt))
                .Select(call => $"{call.Name} of {call.Key} was called at {call.At:HH:mm:ss.fff}, while the switch was thrown"),
        ]);
    }
}
