using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>All lanes at the interval of a test, and what that costs the database.</summary>
internal static class LanesBenchmark
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(15);

    public static async Task<(IReadOnlyList<LaneFigures> Lanes, IReadOnlyList<CostFigures> Costs)> RunAsync(FailoverTarget target, CancellationToken cancellation)
    {
        var before = await target.UsageAsync(cancellation);
        await Task.Delay(Stretch, cancellation);
        var idle = CostFigures.Of("nothing", 0, before, await target.UsageAsync(cancellation));
        var (_, pooled) = await ProbeAsync(target, "the pooled lanes", [.. target.Lanes.Where(lane => lane.Clients == ProbeClients.Pooled)], cancellation);
        var (lanes, all) = await ProbeAsync(target, "all lanes", target.Lanes, cancellation);
        return (lanes, [idle, pooled, all]);
    }

    private static async Task<(IReadOnlyList<LaneFigures> Lanes, CostFigures Cost)> ProbeAsync(
        FailoverTarget target, string what, IReadOnlyList<Lane> lanes, CancellationToken cancellation)
    {
        await using var probes = await RunningProbes.StartAsync(target, lanes, cancellation);
        var (from, before) = (probes.Now, await target.UsageAsync(cancellation));
        await Task.Delay(Stretch, cancellation);
        var (to, after) = (probes.Now, await target.UsageAsync(cancellation));
        await probes.StopAsync();
        List<LaneFigures> figures = [.. probes.Watched.Select(lane => LaneFigures.Of(lane, from, to))];
        return (figures, CostFigures.Of(what, figures.Sum(lane => lane.Latency.Count + lane.Failed), before, after));
    }
}
