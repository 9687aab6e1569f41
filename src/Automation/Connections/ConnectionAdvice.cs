namespace Automation.Connections;

/// <summary>What to change so that it does not happen again: exact statements and arithmetic, not "check your pool".</summary>
internal static class ConnectionAdvice
{
    public static IReadOnlyList<string> For(Relief relief)
    {
        var sessions = relief.Before.Sessions.Where(session => session.BackendType == BackendTypes.Client).ToList();
        return
        [
            .. InTransaction(relief),
            .. Pools(relief, sessions),
            .. relief.Before.ReachedLimits.Select(limit =>
                $"{limit.Kind} {Text.Name(limit.Name)} is at its CONNECTION LIMIT of {limit.Limit} ({limit.Used} in use): raise it, or shrink what uses it."),
            .. relief.Escalated.Select(group =>
                $"{Text.Name(group.Role)}/{Text.Name(group.Application)} filled the slots {group.EarlierIncidents} times before within a day and is no longer ended: fix it, or protect others from it by a CONNECTION LIMIT."
                + Statement(group.Role, $"CONNECTION LIMIT {Math.Max(1, TargetSlots(relief) / 2)}")),
        ];
    }

    /// <summary><c>idle_in_transaction_session_timeout</c> is a user setting: it binds new sessions of the role.</summary>
    private static IEnumerable<string> InTransaction(Relief relief) => relief.Attempts
        .Where(attempt => attempt.Victim.Session.State != SessionStates.Idle)
        .Select(attempt => attempt.Victim.Session.Role!)
        .Distinct()
        .Order(StringComparer.Ordinal)
        .Select(role =>
            $"{Text.Name(role)} leaves transactions open. PostgreSQL can end them by itself (new sessions only)."
            + Statement(role, $"SET idle_in_transaction_session_timeout = '{(int)relief.Policy.IdleInTransaction.TotalSeconds}s'"));

    private static string Statement(string role, string change) =>
        Text.Identifier(role) is { } identifier ? $"\n    ALTER ROLE {identifier} {change};" : "";

    /// <summary>Pool arithmetic for the three largest groups: what all clients may hold together, shared by those that hold it.</summary>
    private static IEnumerable<string> Pools(Relief relief, List<Session> sessions) => sessions
        .Where(session => session.Role is not null)
        .GroupBy(session => (session.Role, session.Application))
        .OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key.Role, StringComparer.Ordinal)
        .ThenBy(group => group.Key.Application, StringComparer.Ordinal)
        .Take(3)
        .Where(group => group.Count() * 5 >= relief.Before.Used) // a fifth of all slots or more: worth a person's time
        .Select(group =>
        {
            var addresses = group.Select(session => session.ClientAddress).Distinct().Count();
            var working = group.Count(session => session.State == "active");
            var share = Math.Max(1, TargetSlots(relief) * group.Count() / Math.Max(1, relief.Before.Used) / addresses);
            return $"{Text.Name(group.Key.Role)}/{Text.Name(group.Key.Application)} holds {group.Count()} sessions from {addresses} "
                + $"{(addresses == 1 ? "address" : "addresses")}, {working} of them working. Its share of the target of {TargetSlots(relief)} is "
                + $"{share} for each address: set the pools' maximum size to that, or put RDS Proxy in front.";
        });

    private static int TargetSlots(Relief relief) => ConnectionRules.TargetSlots(relief.Before.Slots, relief.Policy);
}
