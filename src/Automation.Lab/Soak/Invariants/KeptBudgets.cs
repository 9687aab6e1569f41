using System.Globalization;

namespace Automation.Lab.Soak.Invariants;

/// <summary>Budgets are kept: sessions for an alarm and an hour, the size of a disk, one failover at a time and one in an hour.</summary>
internal static class KeptBudgets
{
    /// <summary>README: never more than 20 sessions of a database an hour. A soak is shorter than that.</summary>
    public const int SessionsPerHour = 20;

    public static Verdict Judge(SoakFacts facts)
    {
        var lived = facts.Sessions.Where(session => session.Lived).Select(session => (session.Database, session.Key)).ToHashSet();
        var ended = facts.Actions.Where(action => action.Action == "terminate-session" && !lived.Contains((action.Database, action.Key)))
            .DistinctBy(action => (action.Database, action.Key)).ToList();
        var growths = facts.Calls.Where(call => call.Action == "grow-storage").ToList();
        return new("8 budgets are kept", ended.Count + growths.Count + facts.Failovers.Count,
        [
            .. ended.GroupBy(action => action.Incident).Where(incident => incident.Count() > SoakNames.MaxSessions)
                .Select(incident => $"{incident.Count()} sessions were ended for {incident.Key}, {SoakNames.MaxSessions} are allowed"),
            .. ended.GroupBy(action => action.Database).Where(database => database.Count() > SessionsPerHour)
                .Select(database => $"{database.Count()} sessions of {database.Key} were ended, {SessionsPerHour} an hour are allowed"),
            .. growths.Where(call => int.Parse(call.Key, CultureInfo.InvariantCulture) > SoakNames.MaxStorage)
                .Select(call => $"{call.Key} GiB were asked for, {SoakNames.MaxStorage} are allowed"),
            .. facts.Failovers.GroupBy(failover => failover.Database).Where(database => database.Count() > 1)
                .Select(database => $"{database.Key} was made to fail over {database.Count()} times within an hour"),
            .. facts.Failovers.SelectMany(one => facts.Failovers.Where(other => other.AcceptedAt > one.AcceptedAt && other.AcceptedAt < one.EndedAt)
                .Select(other => $"{other.Database} was made to fail over while {one.Database} did")),
        ]);
    }
}
