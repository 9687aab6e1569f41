using Automation.Failover;
using Automation.Lab.Screen;

namespace Automation.Benchmarks.Failovers;

/// <summary>
/// The clients of a failover test, on an instance and on a cluster: PostgreSQL, replication, TLS and tokens are real, AWS's
/// distances are not. There is no failover in it: that is what the lab's tests are for.
/// </summary>
internal static class FailoverBenchmark
{
    public static async Task<FailoverFigures> RunAsync(int minutes, IStory story, CancellationToken cancellation)
    {
        TargetFigures instance;
        await using (var target = await StartAsync(cluster: false, story, cancellation))
            instance = await MeasureAsync("Multi-AZ instance", target, target.Lanes, story, cancellation);

        // It has every lane there is.
        await using var six = await StartAsync(cluster: true, story, cancellation);
        var cluster = await MeasureAsync("cluster", six, [.. six.Lanes.Where(lane => !lane.Writes)], story, cancellation);
        var memory = await story.StepAsync("probing on, watched as a test is",
            () => MemoryBenchmark.RunAsync(six, minutes, cancellation), figures => Figures.Text($"{figures.All[^1].Attempts:N0} attempts"));
        var hole = await story.StepAsync("every endpoint falls silent for a minute",
            () => BlackHoleBenchmark.RunAsync(six, cancellation), figures => Figures.Text($"all lanes answered {figures.Recovered.TotalMilliseconds:0} ms after its end"));
        return new FailoverFigures([instance, cluster], memory, hole);
    }

    private static Task<FailoverTarget> StartAsync(bool cluster, IStory story, CancellationToken cancellation) => story.StepAsync(
        cluster ? "starting a cluster with a reader and a proxy" : "starting a Multi-AZ instance with a proxy",
        () => FailoverTarget.StartAsync(cluster, cancellation), target => $"PostgreSQL {target.Version}, synchronous standby");

    private static async Task<TargetFigures> MeasureAsync(
        string name, FailoverTarget target, IReadOnlyList<Lane> inTurns, IStory story, CancellationToken cancellation)
    {
        var turns = await story.StepAsync("lanes and the driver alone, in turns, as fast as they can",
            () => TurnsBenchmark.RunAsync(target, inTurns, cancellation), _ => $"{TurnsBenchmark.Rounds} rounds");
        var (lanes, costs) = await story.StepAsync("nothing, the pooled lanes, all lanes at the interval of a test",
            () => LanesBenchmark.RunAsync(target, cancellation), result => Figures.Text($"{result.Costs[^1].Attempts:0} attempts a second"));
        return new TargetFigures(name, lanes, costs, turns);
    }
}
