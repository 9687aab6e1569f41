using Automation.Ledger;

namespace Automation.Connections;

/// <summary>What the ledger says was done to this database lately, the incident at hand left out of the recurrence.</summary>
/// <param name="TerminatedInWindow">Terminations within <see cref="ConnectionLimits.BudgetWindow"/>.</param>
/// <param name="Incidents">Earlier incidents within <see cref="ConnectionLimits.RecurrenceWindow"/> of each role and application.</param>
internal sealed record ConnectionHistory(int TerminatedInWindow, IReadOnlyDictionary<ActionGroup, int> Incidents)
{
    public static ConnectionHistory Empty { get; } = new(0, new Dictionary<ActionGroup, int>());

    public static ActionGroup GroupOf(Session session) => new(session.Role ?? "", session.Application);

    public static ConnectionHistory From(IReadOnlyList<ActionRecord> records, string presentIncident, DateTimeOffset now) => new(
        LedgerRules.Spent(records, ConnectionLimits.BudgetWindow, now),
        LedgerRules.EarlierIncidents(records, presentIncident, ConnectionLimits.RecurrenceWindow, now));
}
