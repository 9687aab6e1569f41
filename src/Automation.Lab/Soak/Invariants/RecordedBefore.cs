namespace Automation.Lab.Soak.Invariants;

/// <summary>No action without a record in the ledger that was written before it.</summary>
internal static class RecordedBefore
{
    public static Verdict Judge(SoakFacts facts)
    {
        var ended = facts.Sessions.Where(session => !session.Lived).Select(session => (session.Database, session.Key)).ToHashSet();
        var sessions = facts.Actions.Where(action => action.TargetLived is not null && ended.Contains((action.Database, action.Key))).ToList();
        return new("6 every action is in the ledger before it is made", facts.Calls.Count + sessions.Count,
        [
            .. facts.Calls.Where(call => !IsRecorded(facts, call)).Select(call => $"{call.Name} of {call.Key} at {call.At:HH:mm:ss.fff} has no record before it"),
            .. sessions.GroupBy(action => (action.Database, action.Key)).Where(records => records.All(record => record.TargetLived is false))
                .Select(records => $"session {records.Key.Key} on {records.Key.Database} was gone before its record came"),
        ]);
    }

    private static bool IsRecorded(SoakFacts facts, MutatingCall call) =>
        facts.Actions.Any(record => record.Action == call.Action && record.Key == call.Key && record.AnsweredAt <= call.At);
}
