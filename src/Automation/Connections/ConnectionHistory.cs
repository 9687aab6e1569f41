using Automation.Ledger;

namespace Automation.Connections;

/// <summary>What the ledger says was done to this database lately.</summary>
/// <param name="TerminatedInWindow">Terminations within <see cref="ConnectionLimits.BudgetWindow"/>.</param>
/// <param name="Incidents">Earlier incidents within <see cref="ConnectionLimits.RecurrenceWindow"/> of each role and application, this one left out.</param>
internal sealed record ConnectionHistory(int TerminatedInWindow, IReadOnlyDictionary<ActionGroup, int> Incidents)
{
    public static ConnectionHistory Empty { get; } = new(0, new Dictionary<ActionGroup, int>());

    /// <summary>
    /// What an earlier attempt at this very incident did before it died: it counts against <c>max</c>, and people have not
    /// heard of it yet.
    /// </summary>
    public IReadOnlyList<ActionRecord> OfThisIncident { get; init; } = [];

    public static ActionGroup GroupOf(Session session) => new(session.Role ?? "", session.Application);

    public static ConnectionHistory From(IReadOnlyList<ActionRecord> records, string presentIncident, DateTimeOffset now) => new(
        LedgerRules.Spent(records, ConnectionLimits.BudgetWindow, now),
        LedgerRules.EarlierIncidents(records, presentIncident, ConnectionLimits.RecurrenceWindow, now))
    {
        OfThisIncident = [.. records.Where(record => record.Incident == presentIncident && record.Result != ActionResult.Vanished)],
    };
}
