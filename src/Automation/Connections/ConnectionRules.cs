using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>The whole decision of RelieveConnections: facts, policy and history in, one of a closed set out.</summary>
internal static class ConnectionRules
{
    public static ConnectionDecision Decide(
        ConnectionFacts facts, ConnectionsPolicy policy, ConnectionHistory history, string ourRole)
    {
        if (facts.Hidden > 0)
            return new ConnectionDecision.Refuse("blind-role",
                $"{facts.Hidden} of {facts.Sessions.Count} sessions are hidden from role {ourRole}; grant it pg_monitor "
                + "(sql/bootstrap.sql), because what it cannot see it must not judge", Severity.Critical);

        if (facts.UnknownProtectedRoles is [var unknown, ..])
            return new ConnectionDecision.Refuse("malformed-tag",
                $"protect names {Text.Name(unknown)}, which is no role on this server: whom it should protect is not known", Severity.Critical);

        if (facts.Slots.Usable == 0)
            return new ConnectionDecision.Refuse("no-usable-slots",
                $"every one of {facts.Slots.MaxConnections} slots is reserved: max_connections is too low for the reserves", Severity.Critical);

        var target = TargetSlots(facts.Slots, policy);
        if (facts.Used <= target)
            return facts.ReachedLimits is [var limit, ..]
                ? new ConnectionDecision.Refuse("connection-limit-reached",
                    $"{facts.Used} of {facts.Slots.Usable} usable slots, but {limit.Kind} {limit.Name} is at its own CONNECTION "
                    + $"LIMIT of {limit.Limit}: ending others' sessions would not let it in", Severity.Warning)
                : new ConnectionDecision.NothingToDo("usage-at-target",
                    $"{facts.Used} of {facts.Slots.Usable} usable slots, at or under the target of {target}");

        var allowance = Allowance(facts, policy, history, target);
        if (allowance <= 0)
            return Exhausted(facts, policy, history);

        var ordered = CandidateRules.InOrder(facts, policy, ourRole).Take(allowance).ToList();
        if (ordered.Count == 0)
            return new ConnectionDecision.Refuse("nothing-eligible",
                $"{facts.Used} of {facts.Slots.Usable} usable slots, but no session may be ended: {WhyNot(facts, policy, ourRole)}", Severity.Critical);

        // The plan is made first and recurring groups then leave it: escalation never turns the kill on somebody else.
        var victims = ordered.Where(victim => Earlier(victim, history) < ConnectionLimits.EscalatedIncident - 1).ToList();
        var escalated = ordered
            .Where(victim => Earlier(victim, history) >= ConnectionLimits.EscalatedIncident - 1)
            .Select(victim => new RecurringGroup(victim.Session.Role!, victim.Session.Application, Earlier(victim, history)))
            .Distinct()
            .ToList();
        return victims.Count > 0
            ? new ConnectionDecision.Terminate(victims, target, escalated)
            : new ConnectionDecision.Refuse("recurring-incident",
                "the same application filled the slots "
                + $"{escalated[0].EarlierIncidents} times within a day ({escalated[0].Role}/{escalated[0].Application}); "
                + "ending its sessions again would hide the fault: a person must fix it", Severity.Critical);
    }

    /// <summary>Used slots at which the database counts as relieved; rounded down, so "at the target" never exceeds it.</summary>
    public static int TargetSlots(SlotBudget slots, ConnectionsPolicy policy) => (int)Math.Floor(slots.Usable * policy.Target);

    private static int Allowance(ConnectionFacts facts, ConnectionsPolicy policy, ConnectionHistory history, int target) =>
        new[]
        {
            facts.Used - target,
            policy.Max - history.OfThisIncident.Count,
            ConnectionLimits.PerWindow - history.TerminatedInWindow,
            (int)Math.Floor(facts.Used * ConnectionLimits.ShareOfUsed),
        }.Min();

    private static ConnectionDecision.Refuse Exhausted(ConnectionFacts facts, ConnectionsPolicy policy, ConnectionHistory history) =>
        history.OfThisIncident.Count >= policy.Max
            ? new("max-reached", $"as many sessions were ended for this alarm as max={policy.Max} allows", Severity.Critical)
            : history.TerminatedInWindow >= ConnectionLimits.PerWindow
            ? new("budget-exhausted",
                $"{history.TerminatedInWindow} sessions were ended within the last hour, the most allowed; {facts.Used} of "
                + $"{facts.Slots.Usable} usable slots are taken again: a person must look", Severity.Critical)
            : new("too-few-sessions",
                $"{ConnectionLimits.ShareOfUsed:P0} of {facts.Used} sessions is less than one: none may be ended", Severity.Warning);

    /// <summary>"90 working, 4 of a protected role": a person must see at once why nothing could be done.</summary>
    private static string WhyNot(ConnectionFacts facts, ConnectionsPolicy policy, string ourRole) => string.Join(", ", facts.Sessions
        .Where(session => session.BackendType == BackendTypes.Client)
        .Select(session => ProtectionRules.Of(session, policy, ourRole) is { } protection ? ProtectionRules.Sentence(protection) : "under its limit")
        .CountBy(reason => reason)
        .OrderByDescending(reason => reason.Value)
        .ThenBy(reason => reason.Key, StringComparer.Ordinal)
        .Select(reason => $"{reason.Value} {reason.Key}"));

    private static int Earlier(Victim victim, ConnectionHistory history) =>
        history.Incidents.GetValueOrDefault(ConnectionHistory.GroupOf(victim.Session));
}
