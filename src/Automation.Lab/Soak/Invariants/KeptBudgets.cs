using System.Globalization;

namespace Automation.Lab.Soak.Invariants;

/// <summary>Budgets are kept: sessions for an alarm and an hour, the size of a disk and how often it grows, one failover at a time and one in an hour.</summary>
internal static class KeptBudgets
{
    /// <summary>README: never more than 20 sessions of a database an hour.</summary>
    public const int SessionsPerHour = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static Verdict Judge(SoakFacts facts)
    {
        var lived = facts.Sessions.Where(session => session.Lived).Select(session => (session.Database, session.Key)).ToHashSet();
        var ended = facts.Actions.Where(action => action.Action == "terminate-session" && !lived.Contains((action.Database, action.Key)))
            .DistinctBy(action => (action.Database, action.Key)).ToList();
        var growths = facts.Calls.Where(call => call.Action == "grow-storage").ToList();
        var hours = ended.Select(action => new SessionEnded(action.Database, action.At)).Concat(facts.EndedEarlier).GroupBy(session => session.Database)
            .Select(database => (Database: database.Key, Most: database.Max(last => database.Count(one => one.At <= last.At && one.At > last.At - Hour)))).ToList();
        return new("8 budgets are kept",
        [
            new(ended.Count, "sessions"),
            new(hours.Count(hour => hour.Most == SessionsPerHour), "databases at their limit of an hour", MayBeAbsent: true),
            new(growths.Count, "growths", MayBeAbsent: true),
            new(facts.Failovers.Count, "failovers", MayBeAbsent: true),
        ],
        [
            .. ended.GroupBy(action => action.Incident).Where(incident => incident.Count() > SoakNames.MaxSessions)
                .Select(incident => $"{incident.Count()} sessions were ended for {incident.Key}, {SoakNames.MaxSessions} are allowed"),
            .. hours.Where(hour => hour.Most > SessionsPerHour).Select(hour => $"{hour.Most} sessions of {hour.Database} were ended, {SessionsPerHour} an hour are allowed"),
            .. growths.Where(call => !int.TryParse(call.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > SoakNames.MaxStorage)
                .Select(call => $"{(call.Key.Length == 0 ? "no size" : $"{call.Key} GiB")} was asked for, up to {SoakNames.MaxStorage} are allowed"),
            .. growths.Where(call => growths.Any(earlier => earlier.TookEffect && earlier.Database == call.Database && earlier.AnsweredAt < call.At))
                .Select(call => $"{call.Database} was asked to grow at {call.At:HH:mm:ss.fff} though it had grown"),
            .. facts.Failovers.Where(one => facts.Failovers.Any(other => other.Database == one.Database && other.AcceptedAt > one.AcceptedAt && other.AcceptedAt - one.AcceptedAt < Hour))
                .Select(one => $"{one.Database} was made to fail over again within an hour of {one.AcceptedAt:HH:mm:ss}"),
            // One that did not end by now lasts until now.
            .. facts.Failovers.SelectMany(one => facts.Failovers.Where(other => other.AcceptedAt > one.AcceptedAt && (one.EndedAt is null || other.AcceptedAt < one.EndedAt))
                .Select(other => $"{other.Database} was made to fail over while {one.Database} did")),
        ]);
    }
}
