using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>Lanes as a test has them, past the first seconds, which are the JIT's.</summary>
internal static class RunningProbes
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <exception cref="InvalidOperationException">A lane had no good answer.</exception>
    public static async Task<Probes> StartAsync(FailoverTarget target, IReadOnlyList<Lane> lanes, CancellationToken cancellation)
    {
        var probes = await Probes.ConnectAsync(lanes, target.Login, target.Roots, target.IsAurora, 0, new ProbeTimes(), TimeProvider.System, cancellation);
        try
        {
            if (probes.Silent is [var silent, ..]) throw new InvalidOperationException($"{silent.Lane.Name}: no good answer, but {silent.Error}");
            probes.Start();
            await Task.Delay(Settled, cancellation);
            return probes;
        }
        catch
        {
            await probes.DisposeAsync();
            throw;
        }
    }
}
