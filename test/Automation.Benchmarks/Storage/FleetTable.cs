using Automation.Storage.Forecast;
using Spectre.Console;

namespace Automation.Benchmarks.Storage;

internal static class FleetTable
{
    public static void Write(IAnsiConsole console, FleetComparison figures)
    {
        var table = Figures.NewTable($"Forecast of a fleet, milliseconds; {ForecastRules.History.TotalHours:0} hourly points of each database",
            "databases", "requests", "n", "min", "median", "max", "reading", "rules", "one / one of the fewest");
        foreach (var size in figures.Sizes)
        {
            table.AddRow([Figures.Text($"{size.Databases:N0}"), Figures.Text($"{size.Requests}"), .. Figures.Columns(size.All),
                Figures.Text($"{size.Reading.Median:0}"), Figures.Text($"{size.Forecasting.Median:0}"), Figures.Text($"{figures.Growth(size):0.00}")]);
        }
        console.Write(table);
    }
}
