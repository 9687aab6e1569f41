namespace Automation.Ledger;

/// <summary>What the history of a database allows. A record dated in the future (a clock that differs) counts as just now.</summary>
internal static class LedgerRules
{
    /// <summary>Actions spent of a budget: all of the window but those whose object had gone by itself. Unconfirmed ones count.</summary>
    public static int Spent(IEnumerable<ActionRecord> history, TimeSpan window, DateTimeOffset now) =>
        history.Count(record => record.Result != ActionResult.Vanished && record.At > now - window);

    /// <summary>When the cooldown after the last action ends, or <c>null</c> when none is running.</summary>
    public static DateTimeOffset? CoolsDownUntil(IEnumerable<ActionRecord> history, TimeSpan cooldown, DateTimeOffset now)
    {
        var ends = history.Where(record => record.Result != ActionResult.Vanished).Select(record => record.At + cooldown);
        return ends.Where(end => end > now).Select(end => (DateTimeOffset?)end).Max();
    }

    /// <summary>For how many different incidents of the window each group was acted on, the present one left out.</summary>
    public static IReadOnlyDictionary<ActionGroup, int> EarlierIncidents(
        IEnumerable<ActionRecord> history, string presentIncident, TimeSpan window, DateTimeOffset now) => history
        .Where(record => record.Incident != presentIncident && record.Result != ActionResult.Vanished && record.At > now - window)
        .Where(record => record.Group is not null)
        .Select(record => (Group: record.Group!, record.Incident))
        .Distinct()
        .CountBy(line => line.Group)
        .ToDictionary();
}
