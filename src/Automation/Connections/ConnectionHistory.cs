using Automation.Ledger;

namespace Automation.Connections;

/// <summary>What the ledger says was done to this database lately, the incident at hand left out of the recurrence.</summary>
/// <param name="TerminatedInWindow">Terminations within <see cref="ConnectionLimits.BudgetWindow"/>.</param>
/// <param name="Incidents">Earlier incidents within <see cref="ConnectionLimits.RecurrenceWindow"/> by <see cref="GroupOf"/>.</param>
internal sealed record ConnectionHistory(int TerminatedInWindow, IReadOnlyDictionary<string, int> Incidents)
{
    public static ConnectionHistory Empty { get; } = new(0, new Dictionary<string, int>());

    /// <summary>What recurrence is counted by: the role and its application.</summary>
    public static string GroupOf(Session session) => $"{session.Role}/{session.Application}";

    public static ConnectionHistory From(IReadOnlyList<ActionRecord> records, string presentIncident, DateTimeOffset now) => new(
        LedgerRules.Spent(records, ConnectionLimits.BudgetWindow, now),
        records.Select(record => record.Group).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(
            group => group,
            group => LedgerRules.EarlierIncidents(records, group, presentIncident, ConnectionLimits.RecurrenceWindow, now)));
}
