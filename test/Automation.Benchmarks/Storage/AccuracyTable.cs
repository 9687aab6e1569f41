using Automation.Tests.Storage.Forecast.Accuracy;
using Spectre.Console;

namespace Automation.Benchmarks.Storage;

internal static class AccuracyTable
{
    public static void Write(IAnsiConsole console, AccuracyFigures figures)
    {
        var table = Figures.NewTable("Forecast: % off the true days to full, + is too late, * is doubted",
            ["case", "days", "ours", .. Rivals.All.Select(rival => rival.Name)]);
        foreach (var row in figures.Rows)
            table.AddRow([row.Name, row.Truth is { } truth ? Figures.Text($"{truth:0.0}") : "never", Cell(row.Ours) + (row.Ours.Doubted ? " *" : "  "), .. row.Rivals.Select(Cell)]);
        table.AddRow(["sum, each 100 at most", "", Sum([.. figures.Rows.Select(row => row.Ours)]) + "  ",
            .. Enumerable.Range(0, Rivals.All.Count).Select(rival => Sum([.. figures.Rows.Select(row => row.Rivals[rival])]))]);
        console.Write(table);
    }

    private static string Sum(IReadOnlyList<ForecastError> errors) => Figures.Text($"{100 * errors.Sum(error => error.Capped):0}");

    private static string Cell(ForecastError error) => error switch
    {
        { Days: null, Truth: not null } => "never",
        { Days: { } days, Truth: null } => Figures.Text($"{days:0} days"),
        _ => Figures.Text($"{100 * error.Error:+0;-0;0}"),
    };
}
