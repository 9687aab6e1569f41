using Spectre.Console;

namespace Automation.Benchmarks.Starts;

/// <summary>Every function in a row: medians.</summary>
internal static class FunctionsTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<FunctionFigures> functions)
    {
        var table = Figures.NewTable("Every function over 10 databases: medians, milliseconds", "function", "n", "to first poll", "of nothing", "ratio", "first event", "second", "peak MB", "of nothing");
        foreach (var one in functions)
        {
            table.AddRow(one.Name, Figures.Text($"{one.Cold.Count}"), Figures.Text($"{one.FirstPoll.Median:0}"), Figures.Text($"{one.Nothing.FirstPoll.Median:0}"),
                Figures.Ratio(one.FirstPoll, one.Nothing.FirstPoll), Figures.Text($"{one.Cold.Median:0}"), Figures.Text($"{one.Warm.Median:0}"),
                Figures.Text($"{one.PeakMB.Median:0}"), Figures.Text($"{one.Nothing.PeakMB.Median:0}"));
        }
        console.Write(table);
    }
}
