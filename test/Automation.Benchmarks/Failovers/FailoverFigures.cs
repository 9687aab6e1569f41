using Automation.Failover;
using Check = Automation.Lab.Incidents.Check;

namespace Automation.Benchmarks.Failovers;

/// <summary>One database and all lanes on it.</summary>
internal sealed record TargetFigures(string Name, IReadOnlyList<LaneFigures> Lanes, IReadOnlyList<CostFigures> Costs, IReadOnlyList<LaneTurns> Turns);

internal sealed record FailoverFigures(IReadOnlyList<TargetFigures> Targets, MemoryFigures Memory, BlackHoleFigures BlackHole)
{
    // A timer counts in whole milliseconds.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(1);

    public IEnumerable<Check> Aims
    {
        get
        {
            var interval = new ProbeTimes().Interval;
            var slowest = Targets.SelectMany(target => target.Lanes, (target, lane) => (target, lane)).MaxBy(line => line.lane.Interval.Median);
            yield return new Check(Figures.Text($"every lane tries every {interval.TotalMilliseconds:0} ms (median, a timer's grain of {Grain.TotalMilliseconds:0} ms aside)"),
                slowest.lane.Interval.Median <= (interval + Grain).TotalMilliseconds, Figures.Text($"{slowest.lane.Interval.Median:0.0} ms at most ({slowest.target.Name}: {slowest.lane.Lane})"));
            yield return Memory.Aim;
        }
    }
}
