using Automation.Lab.Template;

namespace Automation.Benchmarks.Scale;

/// <summary>
/// What looks at all databases, and what it asks of AWS. Formulas are for a Region without clusters and without events of the last
/// days, where each of <c>n</c> instances has <see cref="LargeFleet.SnapshotsOfEach"/> snapshots; p(x) is the pages of 100 that x take.
/// </summary>
internal static class ScaleRuns
{
    private const int Listed = 100, QueriesOfRequest = 500, DaysOfHours = 280;

    // The week's list and the quota, which is near: told in every run, because the ledger is empty. A message is its claim, itself, its
    // end, and that it was sent.
    private const int Told = 2, CallsOfMessage = 4;

    public static IEnumerable<ScaleRun> Of(SamTemplate template)
    {
        ScaleRun Run(string name, string function, string @event, CallFormula formula, bool isDue = false) =>
            new(name, function, @event, isDue, template.Function(function).Timeout, formula);

        // Clusters, their snapshots, the kill switch.
        yield return Run("TakeSnapshots, nothing due", "TakeSnapshotsFunction", "eventbridge-schedule-take-snapshots",
            new CallFormula("p(n) + p(10n) + 3", n => Pages(n) + Pages(10 * n) + 3));
        // For each: a record before, the snapshot, a confirmation after.
        yield return Run("TakeSnapshots, all due", "TakeSnapshotsFunction", "eventbridge-schedule-take-snapshots",
            new CallFormula("p(n) + p(9n) + 3 + 3n", n => Pages(n) + Pages(9 * n) + 3 + (3 * n)), isDue: true);
        // Quotas too.
        yield return Run("ReconcileSnapshots", "ReconcileSnapshotsFunction", "eventbridge-schedule-reconcile-snapshots",
            new CallFormula("p(n) + p(10n) + 4 + 4 for each message", n => Pages(n) + Pages(10 * n) + 4 + (CallsOfMessage * Told)));
        // Clusters, events; free space of weeks by the hour (360 points each, 100,800 in a page) and of hours by the minute.
        yield return Run("GrowStorage", "GrowStorageFunction", "eventbridge-schedule-grow-storage",
            new CallFormula("p(n) + 2 + ⌈n/280⌉ + ⌈n/500⌉", n => Pages(n) + 2 + Metrics(n)));
        // Alarms too; of each database what was grown before.
        yield return Run("ForecastStorage", "ForecastStorageFunction", "eventbridge-schedule-forecast-storage",
            new CallFormula("p(n) + 3 + ⌈n/280⌉ + ⌈n/500⌉ + n", n => Pages(n) + 3 + Metrics(n) + n));
        // None of them is a staging database that asks for tests.
        yield return Run("TestFailover", "TestFailoverFunction", "eventbridge-schedule-test-failover", new CallFormula("p(n) + 1", n => Pages(n) + 1));
    }

    private static int Pages(int items) => Up(items, Listed);

    private static int Metrics(int databases) => Up(databases, DaysOfHours) + Up(databases, QueriesOfRequest);

    private static int Up(int items, int each) => (items + each - 1) / each;
}
