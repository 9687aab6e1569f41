namespace Automation.Connections;

/// <summary>Whether ended sessions come straight back: a reconnect storm is escalated, not fought.</summary>
internal static class ReboundRules
{
    /// <summary>
    /// At least two, and at least half, of the ended sessions were replaced by new ones of their own groups since the
    /// first measurement. Others that get in now are the relief that was wanted, not a rebound.
    /// </summary>
    public static bool IsRebound(ConnectionFacts before, ConnectionFacts now, IReadOnlyCollection<Victim> ended)
    {
        if (ended.Count == 0) return false;
        var groups = ended.Select(victim => victim.Session.Group).ToHashSet();
        var known = before.Sessions.Select(session => (session.Pid, session.BackendStart)).ToHashSet();
        var back = now.Sessions.Count(session =>
            session.BackendType == BackendTypes.Client
            && groups.Contains(session.Group)
            && session.BackendStart >= before.MeasuredAt
            && !known.Contains((session.Pid, session.BackendStart)));
        return back >= Math.Max(2, (ended.Count + 1) / 2);
    }
}
