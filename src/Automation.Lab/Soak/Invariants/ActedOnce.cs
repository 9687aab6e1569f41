namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// No action twice: a record stands for one change, a version becomes current once, a slot has one whole snapshot, and an incident that one run has finished is not acted on by another.
/// </summary>
internal static class ActedOnce
{
    private static readonly string[] OfOneIncident = ["terminate-session", "force-failover", "grow-storage"];

    // RDS has no token for these: asking again is acting again, also where RDS refuses it because the first one was taken.
    private static readonly string[] SentOnce = ["force-failover", "grow-storage"];

    public static Verdict Judge(SoakFacts facts)
    {
        var made = facts.Calls.Where(call => call.TookEffect || SentOnce.Contains(call.Action)).ToList();
        var twice = made.GroupBy(call => (call.Name, call.Action, call.Key))
            .Select(calls => (calls.Key, Made: calls.Count(), Allowed: Allowed(facts, calls.Key.Action, calls.Key.Key)))
            .Where(calls => calls.Made > Math.Max(1, calls.Allowed))
            .Select(calls => $"{calls.Key.Name} of {calls.Key.Key} was made {calls.Made} times on {calls.Allowed} records");
        var incidents = facts.Actions.Where(action => OfOneIncident.Contains(action.Action)).GroupBy(action => action.Incident).ToList();
        var slots = facts.Snapshots.Where(snapshot => snapshot is { Available: true, Slot: not null }).GroupBy(snapshot => (snapshot.Database, snapshot.Slot)).ToList();
        int Made(string action) => made.Count(call => call.Action == action);
        return new("5 no action is made twice",
        [
            new(incidents.Count(incident => incident.Any(action => action.Action == "terminate-session")), "alarms acted on"),
            new(Made("create-snapshot"), "snapshots begun"),
            new(slots.Count, "slots"),
            new(Made("delete-snapshot"), "deletions", MayBeAbsent: true),
            new(Made(SoakCalls.ChangeSecret), "labels moved"),
            new(Made("grow-storage"), "growths", MayBeAbsent: true),
            new(Made("force-failover"), "failovers", MayBeAbsent: true),
        ],
        [
            .. twice,
            .. incidents.SelectMany(incident => Again(facts, incident)),
            .. slots.Where(slot => slot.Count() > 1).Select(slot => $"{slot.Count()} snapshots of {slot.Key.Database} stand for the slot {slot.Key.Slot:yyyy-MM-dd HH:mm}: {string.Join(", ", slot.Select(snapshot => snapshot.Id))}"),
        ]);
    }

    // A rotation may write its record several times; its version becomes current once.
    private static int Allowed(SoakFacts facts, string action, string key) =>
        action == SoakCalls.ChangeSecret ? 1 : facts.Actions.Count(record => record.Action == action && record.Key == key);

    private static IEnumerable<string> Again(SoakFacts facts, IGrouping<string, ActionWritten> incident)
    {
        var runs = incident.OrderBy(action => action.At).Select(action => action.RequestId).Distinct().ToList();
        return runs.SkipLast(1).Where(run => facts.Invocations.Any(seen => seen.RequestId == run && seen.Succeeded))
            .Select(run => $"{incident.Key} was finished by {run}, and acted on again by another run");
    }
}
