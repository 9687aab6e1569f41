namespace Automation.Connections;

/// <summary>Which sessions may be ended, and in which order: the least harm first.</summary>
internal static class CandidateRules
{
    /// <summary>
    /// Aborted transactions that can only roll back, then idle in transaction past its limit (those that block most, then those that wrote
    /// nothing, then the oldest), then idle past its limit, each time from the group that then holds most sessions. Does
    /// not depend on the order of the facts.
    /// </summary>
    public static IReadOnlyList<Victim> InOrder(ConnectionFacts facts, ConnectionsPolicy policy, string ourRole)
    {
        var waiters = BlockingChains.WaitersByBlocker(facts.Sessions);
        var candidates = facts.Sessions
            .Where(session => ProtectionRules.Of(session, policy, ourRole) is null)
            .Select(session => Consider(session, facts.MeasuredAt, policy, waiters.GetValueOrDefault(session.Pid)))
            .OfType<Victim>()
            .ToList();

        var inTransaction = candidates
            .Where(victim => victim.Session.State != SessionStates.Idle)
            .OrderByDescending(victim => victim.Session.CanOnlyRollBack)
            .ThenByDescending(victim => victim.Blocks)
            .ThenBy(victim => victim.Session.Wrote)
            .ThenByDescending(victim => victim.Held)
            .ThenBy(victim => victim.Session.Pid);

        return [.. inTransaction, .. FromLargestGroup(candidates.Where(victim => victim.Session.State == SessionStates.Idle), facts)];
    }

    private static Victim? Consider(Session session, DateTimeOffset measuredAt, ConnectionsPolicy policy, int blocks)
    {
        var held = measuredAt - session.StateChange.GetValueOrDefault(measuredAt);
        var (minimum, why) = session.State switch
        {
            SessionStates.Aborted when session.CanOnlyRollBack => (Shorter(ConnectionLimits.AbortedGrace, policy.IdleInTransaction), "aborted transaction"),
            SessionStates.Aborted or SessionStates.IdleInTransaction => (policy.IdleInTransaction, InTransaction(blocks, session.Wrote)),
            _ => (policy.Idle, "idle past its limit, in the largest group"),
        };
        return held >= minimum ? new Victim(session, why, minimum, blocks, held) : null;
    }

    private static string InTransaction(int blocks, bool wrote) => (blocks, wrote) switch
    {
        (> 0, _) => $"idle in transaction past its limit, blocks {blocks}",
        (_, false) => "idle in transaction past its limit, wrote nothing",
        _ => "idle in transaction past its limit",
    };

    private static IEnumerable<Victim> FromLargestGroup(IEnumerable<Victim> idle, ConnectionFacts facts)
    {
        var held = facts.Sessions
            .Where(session => session.BackendType == BackendTypes.Client)
            .GroupBy(session => session.Group)
            .ToDictionary(group => group.Key, group => group.Count());
        var queues = idle
            .GroupBy(victim => victim.Session.Group)
            .ToDictionary(group => group.Key, group => new Queue<Victim>(
                group.OrderByDescending(victim => victim.Held).ThenBy(victim => victim.Session.Pid)));

        while (queues.Count > 0)
        {
            var largest = queues.Keys.OrderByDescending(group => held[group]).ThenBy(group => group).First();
            yield return queues[largest].Dequeue();
            held[largest]--;
            if (queues[largest].Count == 0) queues.Remove(largest);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
