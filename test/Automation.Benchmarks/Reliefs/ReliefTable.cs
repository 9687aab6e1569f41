using Spectre.Console;

namespace Automation.Benchmarks.Reliefs;

internal static class ReliefTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ReliefFigures> reliefs)
    {
        var table = Figures.NewTable("Relief: five sessions ended, milliseconds", "from the event sent", "n", "min", "median", "max");
        foreach (var relief in reliefs)
        {
            AddTimes(table, Figures.Text($"{relief.Sessions} sessions, cold start"), relief.Cold);
            AddTimes(table, Figures.Text($"{relief.Sessions} sessions, warm"), relief.Warm);
            table.AddRow([Figures.Text($"{relief.Sessions} sessions: calls to the AWS API"), .. Figures.Columns(relief.AwsCalls)]);
            table.AddRow([Figures.Text($"{relief.Sessions} sessions: peak memory (VmHWM), MB"), .. Figures.Columns(relief.PeakMB)]);
        }
        console.Write(table);
    }

    private static void AddTimes(Table table, string what, ReliefSamples samples)
    {
        table.AddRow([what + ": first session ended", .. Figures.Columns(samples.FirstEnded)]);
        table.AddRow([what + ": last session ended (relieved)", .. Figures.Columns(samples.LastEnded)]);
        table.AddRow([what + ": answer, after 2 s of settling", .. Figures.Columns(samples.Answer)]);
    }
}
