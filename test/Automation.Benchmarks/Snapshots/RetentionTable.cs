using Spectre.Console;

namespace Automation.Benchmarks.Snapshots;

internal static class RetentionTable
{
    public static void Write(IAnsiConsole console, RetentionComparison figures)
    {
        var table = Figures.NewTable($"Retention: planning, milliseconds; {RetentionBenchmark.SnapshotsOfOne} snapshots of each database",
            "databases", "n", "min", "median", "max", "one, µs", "one / one of the fewest", "allocated for one, KB");
        foreach (var size in figures.Sizes)
        {
            table.AddRow([Figures.Text($"{size.Databases:N0}"), .. Figures.Columns(size.All), Figures.Text($"{size.MicrosecondsOfOne:0}"),
                Figures.Text($"{size.MicrosecondsOfOne / figures.Sizes[0].MicrosecondsOfOne:0.00}"), Figures.Text($"{size.AllocatedKB.Median:0}")]);
        }
        console.Write(table);
    }
}
