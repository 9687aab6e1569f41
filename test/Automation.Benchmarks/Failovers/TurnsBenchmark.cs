using System.Diagnostics;
using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>What a lane adds to the driver: both alone, as fast as they can, in turns.</summary>
internal static class TurnsBenchmark
{
    public const int Rounds = 4;

    private const string Table = $"{GuardRules.Schema}.writes";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<LaneTurns>> RunAsync(FailoverTarget target, IReadOnlyList<Lane> lanes, CancellationToken cancellation)
    {
        // The first round is the JIT's.
        await RoundAsync(target, [.. lanes.Select(lane => new LaneTurns(lane))], cancellation);
        List<LaneTurns> figures = [.. lanes.Select(lane => new LaneTurns(lane))];
        for (var round = 0; round < Rounds; round++) await RoundAsync(target, figures, cancellation);
        return figures;
    }

    private static async Task RoundAsync(FailoverTarget target, List<LaneTurns> figures, CancellationToken cancellation)
    {
        foreach (var turns in figures)
        {
            await new PlainClient(target, turns.Lane, "SELECT 1", $"INSERT INTO {Table} (lane, seq, payload) VALUES ($1, $2, $3)")
                .RunAsync(Turn, turns.Bare, cancellation);
            await new PlainClient(target, turns.Lane, ProbeSql.Read(target.IsAurora), ProbeSql.Write(target.IsAurora)).RunAsync(Turn, turns.Plain, cancellation);
            await ProbeAsync(target, turns.Lane, turns.Probe, cancellation);
        }
    }

    private static async Task ProbeAsync(FailoverTarget target, Lane lane, TurnSamples samples, CancellationToken cancellation)
    {
        await using var probe = new LaneProbe(lane, target.Login, target.Roots, target.IsAurora, 0, new ProbeTimes(), TimeProvider.System, Stopwatch.GetTimestamp());
        await AttemptAsync(probe, cancellation);
        var (began, used) = (Stopwatch.GetTimestamp(), ProcessUsage.Of(Environment.ProcessId));
        while (Stopwatch.GetElapsedTime(began) < Turn) await AttemptAsync(probe, cancellation);
        var (took, processor) = (Stopwatch.GetElapsedTime(began), ProcessUsage.Of(Environment.ProcessId) - used);
        var attempts = probe.Attempts.Skip(1).ToList();
        samples.Add(attempts.Count, took, processor);
        foreach (var attempt in attempts) samples.Latency.Add(attempt.Ended - attempt.Started);
    }

    // A lane that runs waits for its timer; the attempts of a warm-up, of which the first is good, follow on each other at once.
    private static async Task AttemptAsync(LaneProbe probe, CancellationToken cancellation)
    {
        if (await probe.WarmUpAsync(cancellation) is { } error) throw new InvalidOperationException($"{probe.Lane.Name}: no good answer, but {error}");
    }
}
