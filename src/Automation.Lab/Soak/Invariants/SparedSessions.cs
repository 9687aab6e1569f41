namespace Automation.Lab.Soak.Invariants;

/// <summary>No protected session is ended, by pid and start (by pid alone where it was gone before its start was known); and every session that was ended is named in the ledger.</summary>
internal static class SparedSessions
{
    public static Verdict Judge(SoakFacts facts)
    {
        var named = facts.Actions.Where(action => action.Action == "terminate-session").ToLookup(action => action.Database, action => action.Key);
        return new("2 no protected session is ended, and each that was is in the ledger",
        [
            new(facts.Sessions.Count(session => session.Protected), "protected sessions"),
            new(facts.Sessions.Count(session => !session.Lived), "sessions that ended"),
            new(facts.Sessions.Count(session => session.CameBack), "clients that came back to work when they were chosen", MayBeAbsent: true),
        ],
        [
            .. facts.Sessions.Where(session => session is { Protected: true, Lived: false }).Select(session => $"{session.Database}: {session.What} ({session.Key}) was ended"),
            .. facts.Sessions.Where(session => session is { Protected: false, Lived: false } && !named[session.Database].Any(record => SessionKey.Names(record, session.Key)))
                .Select(session => $"{session.Database}: {session.What} ({session.Key}) was ended, and the ledger does not know it"),
        ]);
    }
}
