using Spectre.Console;

namespace Automation.Benchmarks.Starts;

internal static class StartTable
{
    public static void Write(IAnsiConsole console, StartFigures figures)
    {
        var (function, nothing) = (figures.Function, figures.Nothing);
        var times = Figures.NewTable("Start, milliseconds", "from the start of the process", "n", "min", "median", "max", "/ do-nothing", "/ Python");
        Add(times, "RelieveConnections: to its first poll", function.FirstPoll, nothing.FirstPoll, figures.Python);
        Add(times, "do-nothing function: to its first poll", nothing.FirstPoll, nothing.FirstPoll, figures.Python);
        Add(times, "RelieveConnections: to its first answer", function.FirstAnswer, nothing.FirstAnswer, figures.Python);
        Add(times, "do-nothing function: to its first answer", nothing.FirstAnswer, nothing.FirstAnswer, figures.Python);
        times.AddRow(["Python: import boto3, make one client, end", .. Figures.Columns(figures.Python), "", Figures.Ratio(figures.Python, figures.Python)]);
        console.Write(times);

        var memory = Figures.NewTable("Peak memory (VmHWM), MB", "after the first answer", "n", "min", "median", "max", "/ do-nothing", "/ Python");
        Add(memory, "RelieveConnections", function.PeakMB, nothing.PeakMB, figures.PythonPeakMB);
        Add(memory, "do-nothing function", nothing.PeakMB, nothing.PeakMB, figures.PythonPeakMB);
        Add(memory, "Python with boto3 (no event answered)", figures.PythonPeakMB, nothing.PeakMB, figures.PythonPeakMB);
        console.Write(memory);
    }

    private static void Add(Table table, string what, Samples samples, Samples nothing, Samples python) =>
        table.AddRow([what, .. Figures.Columns(samples), Figures.Ratio(samples, nothing), Figures.Ratio(samples, python)]);
}
