namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// From when the kill switch can be read until it is lifted no action is begun: none is recorded, and no call is made whose record is
/// not from before. A rotation that the switch finds between the database and the label goes on to its label (docs/design.md, 9).
/// </summary>
internal static class ObeyedSwitch
{
    public static Verdict Judge(SoakFacts facts) => new(
        "10 the kill switch is obeyed", facts.Stops.Count == 0 ? 0 : facts.Actions.Count + facts.Calls.Count,
        [
            .. facts.Actions.Where(action => facts.Stops.Any(stop => stop.Contains(action.At)))
                .Select(action => $"{action.Action} of {action.Key} was begun at {action.At:HH:mm:ss.fff}, while the switch was thrown"),
            .. facts.Calls.Where(call => call.Action != "change-secret" && facts.Stops.FirstOrDefault(stop => stop.Contains(call.At)) is { } stop
                && !facts.Actions.Any(record => record.Action == call.Action && record.Key == call.Key && record.At <= stop.ThrownAt))
                .Select(call => $"{call.Name} of {call.Key} was called at {call.At:HH:mm:ss.fff}, while the switch was thrown"),
        ]);
}
