using Automation.Failover;
using Automation.Lab.Gate;

namespace Automation.Benchmarks.Failovers;

/// <summary>What a stretch of a black hole, or of the time around it, looks like from within.</summary>
/// <param name="When">Which.</param>
/// <param name="Slowest">Attempts a second of the lane with the fewest.</param>
/// <param name="Fastest">Of the lane with the most.</param>
/// <param name="Good">Attempts that were.</param>
/// <param name="Widest">The longest time from the start of an attempt to the start of the next of its lane.</param>
/// <param name="Threads">Of the process, at the end.</param>
/// <param name="Sockets">Open at the end.</param>
internal sealed record BlackHoleSample(string When, double Slowest, double Fastest, int Good, TimeSpan Widest, int Threads, int Sockets);

/// <param name="All">In their order.</param>
/// <param name="Recovered">Until the last lane had a good attempt again.</param>
internal sealed record BlackHoleFigures(IReadOnlyList<BlackHoleSample> All, TimeSpan Recovered);

/// <summary>Every endpoint falls silent at once, for a minute, with all lanes on it.</summary>
internal static class BlackHoleBenchmark
{
    private const int Stretches = 6;

    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromMinutes(2), Poll = TimeSpan.FromMilliseconds(10);

    public static async Task<BlackHoleFigures> RunAsync(FailoverTarget target, CancellationToken cancellation)
    {
        await using var probes = await RunningProbes.StartAsync(target, target.Lanes, cancellation);
        List<BlackHoleSample> samples = [await SampleAsync("before", probes, cancellation)];

        await target.SetAsync(GateMode.Silent, cancellation);
        for (var i = 1; i <= Stretches; i++) samples.Add(await SampleAsync(Figures.Text($"silent, to {i * Stretch.TotalSeconds:0} s"), probes, cancellation));

        await target.SetAsync(GateMode.Serving, cancellation);
        var back = probes.Now;
        while (!probes.Watched.All(lane => lane.Attempts.Any(attempt => attempt.Started >= back && attempt.Error is null)))
        {
            if (probes.Now - back > Patience) throw new InvalidOperationException("Not every lane came back after the black hole.");
            await Task.Delay(Poll, cancellation);
        }
        var recovered = probes.Watched.Max(lane => lane.Attempts.First(attempt => attempt.Started >= back && attempt.Error is null).Ended) - back;
        for (var i = 1; i <= 2; i++) samples.Add(await SampleAsync(Figures.Text($"answered again, to {i * Stretch.TotalSeconds:0} s"), probes, cancellation));
        return new BlackHoleFigures(samples, recovered);
    }

    private static async Task<BlackHoleSample> SampleAsync(string when, Probes probes, CancellationToken cancellation)
    {
        var from = probes.Now;
        await Task.Delay(Stretch, cancellation);
        var (to, threads, sockets) = (probes.Now, ProcessUsage.Threads, ProcessUsage.Sockets);
        List<List<ProbeAttempt>> lanes = [.. probes.Watched.Select(lane => lane.Attempts.Where(attempt => attempt.Started >= from && attempt.Started < to).ToList())];
        var rates = lanes.Select(attempts => attempts.Count / (to - from).TotalSeconds).ToList();
        return new BlackHoleSample(when, rates.Min(), rates.Max(), lanes.Sum(attempts => attempts.Count(attempt => attempt.Error is null)),
            lanes.Max(attempts => attempts.Zip(attempts.Skip(1), (one, next) => next.Started - one.Started).Append(TimeSpan.Zero).Max()), threads, sockets);
    }
}
