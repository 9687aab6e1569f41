namespace Automation.Failover;

/// <summary>From journals to results. Pure.</summary>
internal static class LaneResults
{
    public static IReadOnlyList<LaneResult> Of(
        IReadOnlyList<LaneJournal> journal, ServerIdentity before, TimeSpan baseline, TimeSpan called, TimeSpan ended) =>
        [.. journal.Select(lane => new LaneResult
        {
            Lane = lane.Lane,
            Noise = NoiseRules.Of(lane.Attempts, baseline, called),
            Reads = OutageRules.Of(lane.Attempts, Operation.Read, called, ended),
            Writes = lane.Lane.Writes ? OutageRules.Of(lane.Attempts, Operation.Write, called, ended) : null,
            FirstOfNewWriter = lane.Attempts.FirstOrDefault(attempt => attempt.Wrote is not null && attempt.Server!.IsAnother(before))?.Wrote,
        })];

    /// <summary>Interval and deadline, or the widest time between two attempts of a lane where this process was later than that.</summary>
    public static TimeSpan Resolution(IReadOnlyList<LaneJournal> journal, ProbeTimes times, TimeSpan since) => journal
        .SelectMany(lane => NoiseRules.Spacing(lane.Attempts.Where(attempt => attempt.Started >= since)))
        .Append(times.Resolution)
        .Max();
}
