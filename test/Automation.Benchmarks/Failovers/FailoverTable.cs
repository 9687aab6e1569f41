using Spectre.Console;

namespace Automation.Benchmarks.Failovers;

internal static class FailoverTable
{
    public static void Write(IAnsiConsole console, FailoverFigures figures)
    {
        foreach (var target in figures.Targets) WriteLanes(console, target);
        WriteTurns(console, figures.Targets);
        foreach (var target in figures.Targets) WriteCosts(console, target);
        WriteMemory(console, figures.Memory);
        WriteBlackHole(console, figures.BlackHole);
    }

    private static void WriteLanes(IAnsiConsole console, TargetFigures target)
    {
        var table = Figures.NewTable($"Failover: healthy lanes of the {target.Name}, milliseconds",
            "lane", "attempts/s", "failed", "interval: median", "99 %", "widest", "latency: median", "99 %", "longest");
        foreach (var lane in target.Lanes)
        {
            table.AddRow([lane.Lane, Figures.Text($"{lane.PerSecond:0.0}"), Figures.Text($"{lane.Failed}"), .. Spread(lane.Interval), .. Spread(lane.Latency)]);
        }
        console.Write(table);
    }

    private static void WriteTurns(IAnsiConsole console, IReadOnlyList<TargetFigures> targets)
    {
        var latency = Figures.NewTable("Failover: a lane beside the driver alone, latency of an attempt in a tight loop, milliseconds (median)",
            "lane", "n", "driver, bare", "driver", "lane", "lane / driver", "lane / bare");
        var processor = Figures.NewTable("Failover: the same, of the client's side: attempts a second, and its processor time for one",
            "lane", "driver, bare: 1/s", "driver: 1/s", "lane: 1/s", "driver, bare: ms", "driver: ms", "lane: ms", "lane / driver");
        foreach (var (target, turns) in targets.SelectMany(target => target.Turns, (target, turns) => (target, turns)))
        {
            var name = $"{target.Name}: {turns.Lane.Name}";
            var (bare, plain, probe) = (turns.Bare, turns.Plain, turns.Probe);
            latency.AddRow(name, Figures.Text($"{probe.Latency.Count}"), Milliseconds(bare.Latency), Milliseconds(plain.Latency), Milliseconds(probe.Latency),
                Figures.Ratio(probe.Latency, plain.Latency), Figures.Ratio(probe.Latency, bare.Latency));
            processor.AddRow(name, Figures.Text($"{bare.PerSecond.Median:0}"), Figures.Text($"{plain.PerSecond.Median:0}"), Figures.Text($"{probe.PerSecond.Median:0}"),
                Milliseconds(bare.Processor), Milliseconds(plain.Processor), Milliseconds(probe.Processor), Figures.Ratio(probe.Processor, plain.Processor));
        }
        console.Write(latency);
        console.Write(processor);
    }

    private static void WriteCosts(IAnsiConsole console, TargetFigures target)
    {
        var table = Figures.NewTable($"Failover: what probing costs the {target.Name}, in each second; processor time in milliseconds",
            "what probes", "attempts", "transactions", "new sessions", "primary", "standby", "lab's endpoints", "clients");
        foreach (var cost in target.Costs)
        {
            table.AddRow([cost.What, .. new[] { cost.Attempts, cost.Transactions, cost.Sessions, cost.Primary, cost.Standby, cost.Gates, cost.Clients }
                .Select(value => Figures.Text($"{value:0}"))]);
        }
        console.Write(table);
    }

    private static void WriteMemory(IAnsiConsole console, MemoryFigures memory)
    {
        var table = Figures.NewTable($"Failover: memory of a process with {memory.Lanes} lanes",
            "after, s", "attempts held", "managed heap, MB", "grown by, MB", "resident, MB", "allocated, MB/s", "a look, ms");
        foreach (var sample in memory.All)
        {
            table.AddRow(Figures.Text($"{sample.At.TotalSeconds:0}"), Figures.Text($"{sample.Attempts:N0}"), Figures.Text($"{sample.Heap / MemoryFigures.MB:0.00}"),
                Figures.Text($"{(sample.Heap - memory.All[0].Heap) / MemoryFigures.MB:0.00}"), Figures.Text($"{sample.ResidentMB:0}"),
                Figures.Text($"{sample.AllocatedMB:0.0}"), Figures.Text($"{sample.Looked.TotalMilliseconds:0.0}"));
        }
        table.Caption(Figures.Text(
            $"{memory.BytesOfOne:0} bytes an attempt; {memory.MostAttempts:N0} attempts at most, of {memory.Lanes} lanes in 15 minutes: {memory.MostOfAllMB:0.0} MB"));
        console.Write(table);
    }

    private static void WriteBlackHole(IAnsiConsole console, BlackHoleFigures hole)
    {
        var table = Figures.NewTable("Failover: every endpoint silent for a minute", "10 s each", "attempts/s of a lane", "good", "widest interval, ms", "threads", "sockets");
        foreach (var sample in hole.All)
        {
            table.AddRow(sample.When, Figures.Text($"{sample.Slowest:0.0} to {sample.Fastest:0.0}"), Figures.Text($"{sample.Good}"),
                Figures.Text($"{sample.Widest.TotalMilliseconds:0}"), Figures.Text($"{sample.Threads}"), Figures.Text($"{sample.Sockets}"));
        }
        table.Caption(Figures.Text($"every lane had a good answer {hole.Recovered.TotalMilliseconds:0} ms after its end"));
        console.Write(table);
    }

    private static string[] Spread(Samples samples) =>
        [Figures.Text($"{samples.Median:0.0}"), Figures.Text($"{samples.At(0.99):0.0}"), Figures.Text($"{samples.Max:0.0}")];

    private static string Milliseconds(Samples samples) => Figures.Text($"{samples.Median:0.00}");
}
