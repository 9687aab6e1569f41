using Spectre.Console;

namespace Automation.Benchmarks.Rotations;

internal static class RotationTable
{
    private const string Ours = "RotateSecret", Theirs = "AWS's Python sample";

    public static void Write(IAnsiConsole console, RotationComparison figures)
    {
        var (function, sample) = (figures.Function, figures.Sample);
        var times = Figures.NewTable("Rotation: createSecret to finishSecret, milliseconds", "as the caller sees it", "n", "min", "median", "max", "/ sample", "/ import");
        Add(times, $"{Ours}, cold (process start included)", function.Cold.All, sample.Cold.All, figures.Import);
        Add(times, $"{Theirs}, cold", sample.Cold.All, sample.Cold.All, figures.Import);
        Add(times, $"{Ours}, warm", function.Warm.All, sample.Warm.All, figures.Import);
        Add(times, $"{Theirs}, warm", sample.Warm.All, sample.Warm.All, figures.Import);
        Add(times, $"{Ours}: start to its first poll", function.FirstPoll, sample.FirstPoll, figures.Import);
        Add(times, $"{Theirs}: start to its first poll", sample.FirstPoll, sample.FirstPoll, figures.Import);
        foreach (var step in function.Warm.Steps.Keys)
        {
            Add(times, $"{Ours}, cold: {step}", function.Cold.Steps[step], sample.Cold.Steps[step], figures.Import);
            Add(times, $"{Ours}, warm: {step}", function.Warm.Steps[step], sample.Warm.Steps[step], figures.Import);
        }
        times.AddRow(["Python: import boto3, end", .. Figures.Columns(figures.Import), "", Figures.Ratio(figures.Import, figures.Import)]);
        console.Write(times);

        var gaps = Figures.NewTable("Rotation: the current version does not log in, milliseconds", "single user, as measured by the function", "n", "min", "median", "max");
        gaps.AddRow([$"{Ours}, cold", .. Figures.Columns(function.Cold.Gap)]);
        gaps.AddRow([$"{Ours}, warm", .. Figures.Columns(function.Warm.Gap)]);
        console.Write(gaps);

        var memory = Figures.NewTable("Rotation: peak memory (VmHWM), MB", "after the rotations of one process", "n", "min", "median", "max", "/ sample");
        memory.AddRow([Ours, .. Figures.Columns(function.PeakMB), Figures.Ratio(function.PeakMB, sample.PeakMB)]);
        memory.AddRow([Theirs, .. Figures.Columns(sample.PeakMB), Figures.Ratio(sample.PeakMB, sample.PeakMB)]);
        console.Write(memory);

        WriteCalls(console, function.Warm.LastCalls, sample.Warm.LastCalls);
    }

    private static void WriteCalls(
        IAnsiConsole console, IReadOnlyList<(string Service, string Action)> function, IReadOnlyList<(string Service, string Action)> sample)
    {
        var table = Figures.NewTable("Calls to the AWS API in one rotation", "service: operation", Ours, Theirs);
        foreach (var call in function.Concat(sample).Distinct().OrderByDescending(call => call.Service == "secretsmanager").ThenBy(call => call))
        {
            table.AddRow($"{call.Service}: {call.Action}",
                Figures.Text($"{function.Count(other => other == call)}"), Figures.Text($"{sample.Count(other => other == call)}"));
        }
        table.AddRow("together", Figures.Text($"{function.Count}"), Figures.Text($"{sample.Count}"));
        console.Write(table);
    }

    private static void Add(Table table, string what, Samples samples, Samples sample, Samples import) =>
        table.AddRow([what, .. Figures.Columns(samples), Figures.Ratio(samples, sample), Figures.Ratio(samples, import)]);
}
