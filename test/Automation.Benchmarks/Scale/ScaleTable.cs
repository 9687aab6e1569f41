using Spectre.Console;

namespace Automation.Benchmarks.Scale;

/// <summary>Growth with the size of the fleet.</summary>
internal static class ScaleTable
{
    public static void Write(IAnsiConsole console, ScaleComparison comparison)
    {
        var table = Figures.NewTable("A fleet: warm runs after a first, milliseconds", "function", "databases", "first", "n", "min", "median", "max", "bare listing", "ratio", "calls", "peak MB");
        foreach (var one in comparison.Figures)
        {
            table.AddRow([one.Run.Name, Figures.Text($"{one.Databases:N0}"), Figures.Text($"{one.Cold.TotalMilliseconds:0}"), .. Figures.Columns(one.Answer),
                Figures.Text($"{one.Baseline.Median:0}"), Figures.Ratio(one.Answer, one.Baseline), Figures.Text($"{one.AllCalls:N0}"), Figures.Text($"{one.PeakMB}")]);
        }
        console.Write(table);
        var calls = new Table().Title("Calls of one run over the largest, by action").Border(TableBorder.Rounded).AddColumns("function", "calls", "by action");
        foreach (var one in comparison.Figures.GroupBy(one => one.Run).Select(run => run.MaxBy(one => one.Databases)!))
            calls.AddRow(one.Run.Name, one.Run.Formula.Text, string.Join(", ", one.Calls.OrderBy(call => call.Key, StringComparer.Ordinal).Select(call => Figures.Text($"{call.Key} {call.Value:N0}"))));
        console.Write(calls);
    }
}
