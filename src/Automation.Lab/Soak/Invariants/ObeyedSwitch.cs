namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// From when the kill switch can be read until it is lifted no action is begun: none is recorded, and no call is made whose record is
/// not from before. A rotation that the switch finds between the database and the label goes on to its label (docs/design.md, 9): its
/// record is from before. Who came, saw and went while it was thrown is shown function by function.
/// </summary>
internal static class ObeyedSwitch
{
    /// <summary>Functions that every soak has come while the switch is thrown: an alarm, schedules and rotations can be asked for again until they do.</summary>
    public static readonly string[] Meeting = [SoakNames.Relieve, SoakNames.Take, SoakNames.Reconcile, SoakNames.Rotate];

    /// <summary>Those of <see cref="Meeting"/> that have not come yet.</summary>
    /// <param name="stop">Until now.</param>
    /// <param name="invocations">Those that ended.</param>
    public static IReadOnlyList<string> Missing(SwitchWindow stop, IReadOnlyList<InvocationSeen> invocations) =>
        [.. Meeting.Where(function => !invocations.Any(invocation => invocation.Function == function && IsUnder(stop, invocation)))];

    // All of it, and not cut short. An alarm finds a storm, so it has something to stop for; the others may have nothing to do.
    private static bool IsUnder(SwitchWindow stop, InvocationSeen invocation) =>
        invocation is { ProcessEnded: false } && invocation.BegunAt >= stop.ThrownAt && invocation.EndedAt <= stop.LiftedAt
        && (invocation.Function != SoakNames.Relieve || HasStopped(invocation));

    private static bool HasStopped(InvocationSeen invocation) => invocation.Outcomes.Any(outcome => outcome.Reason == "stopped");

    public static Verdict Judge(SoakFacts facts)
    {
        var met = facts.Invocations.Where(invocation => facts.Stops.Any(stop => invocation.BegunAt < stop.LiftedAt && invocation.EndedAt > stop.ThrownAt)).ToList();
        return new("10 the kill switch is obeyed",
        [
            new(met.Count, "invocations that met it"),
            new(facts.Invocations.Count(invocation => HasStopped(invocation)), "that stopped for it"),
            .. SoakNames.Acting.Select(function => new Shown(
                met.Count(invocation => invocation.Function == function && facts.Stops.Any(stop => IsUnder(stop, invocation))), $"of {function}", MayBeAbsent: !Meeting.Contains(function))),
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
