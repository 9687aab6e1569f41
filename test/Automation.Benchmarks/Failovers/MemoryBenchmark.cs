using System.Diagnostics;
using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>The memory of a process that probes, and looks at what the probes saw as a test does while it waits.</summary>
internal static class MemoryBenchmark
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(250);

    public static async Task<MemoryFigures> RunAsync(FailoverTarget target, int minutes, CancellationToken cancellation)
    {
        var before = await target.IdentityAsync(cancellation);
        await using var probes = await RunningProbes.StartAsync(target, target.Lanes, cancellation);
        var figures = new MemoryFigures(target.Lanes.Count);
        var (called, sampled, looked, allocated) = (probes.Now, probes.Now, TimeSpan.Zero, GC.GetTotalAllocatedBytes());
        figures.All.Add(Sample(probes, TimeSpan.Zero, TimeSpan.Zero, 0));
        while (probes.Now - called < TimeSpan.FromMinutes(minutes) + Look)
        {
            await Task.Delay(Look, cancellation);
            var start = Stopwatch.GetTimestamp();
            // Nobody else ever answers: it goes through all that there is.
            WatchRules.Decide(probes.Watched, before, called, probes.Now, abandoned: false, new ProbeTimes());
            looked = Stopwatch.GetElapsedTime(start);
            if (probes.Now - sampled < Between) continue;
            var total = GC.GetTotalAllocatedBytes();
            figures.All.Add(Sample(probes, probes.Now - called, looked, (total - allocated) / (probes.Now - sampled).TotalSeconds / MemoryFigures.MB));
            (sampled, allocated) = (probes.Now, total);
        }
        return figures;
    }

    private static MemorySample Sample(Probes probes, TimeSpan at, TimeSpan looked, double allocated)
    {
        // Before the collection: what the function would be charged for.
        var resident = ProcessUsage.ResidentMB;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return new MemorySample(at, probes.Watched.Sum(lane => lane.Attempts.Count), GC.GetTotalMemory(forceFullCollection: true), resident, allocated, looked);
    }
}
