namespace Automation.Connections;

/// <summary>What the ledger says was done to this database lately, the incident at hand left out of the recurrence.</summary>
/// <param name="TerminatedInWindow">Terminations within <see cref="ConnectionLimits.BudgetWindow"/>.</param>
/// <param name="Incidents">Earlier incidents within <see cref="ConnectionLimits.RecurrenceWindow"/> by (role, application).</param>
internal sealed record ConnectionHistory(
    int TerminatedInWindow,
    IReadOnlyDictionary<(string Role, string Application), int> Incidents)
{
    public static ConnectionHistory Empty { get; } = new(0, new Dictionary<(string, string), int>());
}
