using Automation.Database;

namespace Automation.Failover;

/// <summary>All lanes of a test, on one clock.</summary>
internal sealed class Probes : IAsyncDisposable
{
    // What a black hole blocks: Npgsql asks a silent server to cancel on the thread that gave up, for up to its connect limit. With
    // the pool's default, one thread a processor, the next attempts would wait for a thread, and that would look like an outage.
    private const int Threads = 64;

    private readonly List<LaneProbe> all, lanes;
    private readonly CancellationTokenSource stop = new();
    private readonly ProbeTimes times;
    private readonly TimeProvider time;
    private readonly long zero;
    private Task running = Task.CompletedTask;

    private Probes(List<LaneProbe> all, IReadOnlyList<SilentLane> silent, ProbeTimes times, TimeProvider time, long zero)
    {
        (this.all, this.times, this.time, this.zero, Silent) = (all, times, time, zero, silent);
        lanes = [.. all.Where(probe => silent.All(line => line.Lane != probe.Lane))];
    }

    /// <summary>Lanes that had no good answer; they take no part.</summary>
    public IReadOnlyList<SilentLane> Silent { get; }

    /// <summary>What each lane that takes part has come to.</summary>
    public IReadOnlyList<LaneJournal> Watched => [.. lanes.Select(probe => new LaneJournal(probe.Lane, probe.Attempts))];

    /// <summary>The same of every lane: one that fell silent may have written all the same.</summary>
    public IReadOnlyList<LaneJournal> Everything => [.. all.Select(probe => new LaneJournal(probe.Lane, probe.Attempts))];

    /// <summary>Since the probing began: the scale of every time of the test.</summary>
    public TimeSpan Now => time.GetElapsedTime(zero);

    /// <summary>Connects every lane once.</summary>
    public static async Task<Probes> ConnectAsync(
        IReadOnlyList<Lane> lanes, DatabaseLogin login, TrustedRoots roots, bool aurora, long salt, ProbeTimes times, TimeProvider time, CancellationToken cancellation)
    {
        ThreadPool.GetMinThreads(out var workers, out var completion);
        ThreadPool.SetMinThreads(Math.Max(workers, Threads), completion);
        var zero = time.GetTimestamp();
        var all = lanes.Select(lane => new LaneProbe(lane, login, roots, aurora, salt, times, time, zero)).ToList();
        try
        {
            var errors = await Task.WhenAll(all.Select(probe => probe.WarmUpAsync(cancellation)));
            var silent = all.Zip(errors).Where(line => line.Second is not null).Select(line => new SilentLane(line.First.Lane, line.Second!));
            return new Probes(all, [.. silent], times, time, zero);
        }
        catch
        {
            foreach (var probe in all) await probe.DisposeAsync();
            throw;
        }
    }

    /// <summary>Each lane begins a part of the interval after the one before: at once they would make each other slow.</summary>
    public void Start() => running = Task.WhenAll(lanes.Select(async (lane, i) =>
    {
        await Task.Delay(times.Interval * i / lanes.Count, time);
        await lane.RunAsync(stop.Token);
    }));

    /// <summary>Ends every lane after the attempt it is at.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // What a lane had to say it has said; a mistake of ours in one must not hide what was found.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var probe in all) await probe.DisposeAsync();
        stop.Dispose();
    }
}
