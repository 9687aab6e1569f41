using Automation.Lab.Report.Html;

namespace Automation.Lab.Report.Charts;

/// <summary>What a timeline is drawn of, and on.</summary>
/// <param name="Record">The run.</param>
/// <param name="Axis">The time that is shown.</param>
/// <param name="Page">Gets the drawing.</param>
/// <param name="Everything">Whether also what did not move is drawn.</param>
internal sealed record Canvas(RunRecord Record, TimeAxis Axis, HtmlText Page, bool Everything)
{
    /// <summary>Where the charts begin and end, and how wide all is.</summary>
    public const int Left = 150, Width = 1280, Right = Width - 14;

    /// <summary>More points than these cannot be told apart.</summary>
    public const int Columns = 900;

    /// <summary>Above each chart.</summary>
    public const int PanelGap = 26;

    public IEnumerable<string> Databases(Measure measure) => Record.Series.Where(series => series.Measure == measure).Select(series => series.Database);

    public RunSeries? Find(string database, Measure measure) => Record.Series.FirstOrDefault(series => series.Database == database && series.Measure == measure);
}

/// <summary>A part of a timeline, as wide as it.</summary>
/// <param name="Height">How much room it takes.</param>
/// <param name="Draw">Draws it below a height.</param>
internal sealed record Panel(double Height, Action<double> Draw);
