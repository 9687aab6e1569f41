namespace Automation.Lab.Soak.Invariants;

/// <summary>No action without a record in the ledger that was written before it.</summary>
internal static class RecordedBefore
{
    private static readonly string[] Rare = ["force-failover", "grow-storage"];

    public static Verdict Judge(SoakFacts facts)
    {
        var ended = facts.Sessions.Where(session => !session.Lived).ToLookup(session => session.Database, session => session.Key);
        var sessions = facts.Actions.Where(action => action.Untouched is not null && ended[action.Database].Any(session => SessionKey.Names(action.Key, session))).ToList();
        var passwords = facts.Actions.Where(action => action is { SetsPassword: true, Untouched: not null }).ToList();
        return new("6 every action is in the ledger before it is made",
        [
            new(sessions.Count, "sessions that ended"),
            new(passwords.Count, "passwords"),
            new(facts.Calls.Count(call => call.Action == SoakCalls.ChangeSecret), "labels"),
            new(facts.Calls.Count(call => call.Action != SoakCalls.ChangeSecret && !Rare.Contains(call.Action)), "snapshots made or deleted"),
            .. Rare.Select(action => new Shown(facts.Calls.Count(call => call.Action == action), $"calls for {action}", MayBeAbsent: true)),
        ],
        [
            .. facts.Calls.Where(call => !IsRecorded(facts, call)).Select(call => $"{call.Name} of {call.Key} at {call.At:HH:mm:ss.fff} has no record before it"),
            .. sessions.GroupBy(action => (action.Database, action.Key)).Where(records => records.All(record => record.Untouched is false))
                .Select(records => $"session {records.Key.Key} on {records.Key.Database} was gone before its record came"),
            // A run that finds the new password in the database writes no record of it.
            .. passwords.Where(action => action.Untouched is false)
                .Select(action => $"{action.Database} had the password of version {action.Key} before its record came at {action.At:HH:mm:ss.fff}"),
        ]);
    }

    private static bool IsRecorded(SoakFacts facts, MutatingCall call) =>
        facts.Actions.Any(record => record.Action == call.Action && record.Key == call.Key && record.AnsweredAt <= call.At);
}
