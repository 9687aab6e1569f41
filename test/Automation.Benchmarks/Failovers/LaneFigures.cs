using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>One lane of a healthy database at the interval of a test.</summary>
internal sealed record LaneFigures
{
    public required string Lane { get; init; }
    public required double PerSecond { get; init; }
    public required int Failed { get; init; }

    /// <summary>From the start of an attempt to the start of the next, milliseconds.</summary>
    public Samples Interval { get; } = new();

    /// <summary>From the start of an attempt to its last answer, milliseconds.</summary>
    public Samples Latency { get; } = new();

    public static LaneFigures Of(LaneJournal journal, TimeSpan from, TimeSpan to)
    {
        var attempts = journal.Attempts.Where(attempt => attempt.Started >= from && attempt.Started < to).ToList();
        var figures = new LaneFigures
        {
            Lane = journal.Lane.Name,
            PerSecond = attempts.Count / (to - from).TotalSeconds,
            Failed = attempts.Count(attempt => attempt.Error is not null),
        };
        foreach (var attempt in attempts.Where(attempt => attempt.Error is null)) figures.Latency.Add(attempt.Ended - attempt.Started);
        foreach (var (one, next) in attempts.Zip(attempts.Skip(1))) figures.Interval.Add(next.Started - one.Started);
        return figures;
    }
}

/// <summary>What a stretch of time cost, for each second of it; processor time in milliseconds.</summary>
internal sealed record CostFigures(string What, double Attempts, double Transactions, double Sessions, double Primary, double Standby, double Gates, double Clients)
{
    public static CostFigures Of(string what, int attempts, Usage from, Usage to)
    {
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds;
        return new CostFigures(what, attempts / seconds, (to.Transactions - from.Transactions) / seconds, (to.Sessions - from.Sessions) / seconds,
            (to.Primary - from.Primary).TotalMilliseconds / seconds, (to.Standby - from.Standby).TotalMilliseconds / seconds,
            (to.Gates - from.Gates).TotalMilliseconds / seconds, (to.Clients - from.Clients).TotalMilliseconds / seconds);
    }
}
