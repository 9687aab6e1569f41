using System.Diagnostics;
using Automation.Failover;
using Npgsql;

namespace Automation.Benchmarks.Failovers;

/// <summary>The baseline: a lane's two statements by the driver alone, one attempt after the other.</summary>
/// <param name="target">The database.</param>
/// <param name="lane">Which way, and whether from a pool.</param>
/// <param name="read">The first statement.</param>
/// <param name="write">The second; not on a reader.</param>
internal sealed class PlainClient(FailoverTarget target, Lane lane, string read, string write)
{
    // None that a lane has.
    private const int Number = 1_000;

    /// <summary>For so long, after one attempt that counts for nothing. An attempt ends with its last answer, as a lane's does.</summary>
    public async Task RunAsync(TimeSpan duration, TurnSamples samples, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(await target.PlainAsync(lane));
        await AttemptAsync(source, 0, cancellation);
        var (began, used, attempts) = (Stopwatch.GetTimestamp(), ProcessUsage.Of(Environment.ProcessId), 0);
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var start = Stopwatch.GetTimestamp();
            samples.Latency.Add(Stopwatch.GetElapsedTime(start, await AttemptAsync(source, ++attempts, cancellation)));
        }
        samples.Add(attempts, Stopwatch.GetElapsedTime(began), ProcessUsage.Of(Environment.ProcessId) - used);
    }

    private async Task<long> AttemptAsync(NpgsqlDataSource source, long sequence, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using (var command = new NpgsqlCommand(read, connection)) await command.ExecuteScalarAsync(cancellation);
        if (!lane.Writes) return Stopwatch.GetTimestamp();
        await using var insert = new NpgsqlCommand(write, connection)
        {
            Parameters = { new() { Value = Number }, new() { Value = sequence }, new() { Value = LaneProbe.PayloadOf(0, Number, sequence) } },
        };
        await insert.ExecuteScalarAsync(cancellation);
        return Stopwatch.GetTimestamp();
    }
}
