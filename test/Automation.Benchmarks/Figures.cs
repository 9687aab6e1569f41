using System.Globalization;
using Spectre.Console;

namespace Automation.Benchmarks;

/// <summary>How figures are shown, the same on every machine.</summary>
internal static class Figures
{
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Number of samples, smallest, median, largest: the four columns every row has.</summary>
    public static string[] Columns(Samples samples) =>
        [Text($"{samples.Count}"), Text($"{samples.Min:0}"), Text($"{samples.Median:0}"), Text($"{samples.Max:0}")];

    /// <summary>Of the medians.</summary>
    public static string Ratio(Samples part, Samples of) => Text($"{part.Median / of.Median:0.00}");

    public static Table NewTable(string title, params string[] columns)
    {
        var table = new Table().Title(title).Border(TableBorder.Rounded);
        foreach (var (column, index) in columns.Select((column, index) => (column, index)))
            table.AddColumn(new TableColumn(column) { Alignment = index == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }
}
