using Automation.Lab.Report.Html;

namespace Automation.Lab.Report.Charts;

/// <summary>One drawing: what was measured, stacked over one time axis, under the moments at which things happened.</summary>
/// <param name="record">The run.</param>
/// <param name="from">The first time that is shown.</param>
/// <param name="to">The last.</param>
/// <param name="page">Gets the drawing.</param>
internal sealed class Timeline(RunRecord record, DateTimeOffset from, DateTimeOffset to, HtmlText page)
{
    private const double TitleCharacter = 7;
    private const int Bottom = 24;

    private readonly TimeAxis axis = TimeAxis.Of(record.StartedAt, from, to, Canvas.Left, Canvas.Right);

    /// <summary>Draws it.</summary>
    /// <param name="name">What it is called by those who do not see it.</param>
    /// <param name="chapters">Whether the run's chapters stand above; without them only what moves is drawn.</param>
    /// <param name="rows">How many rows of labels each kind of moment may take.</param>
    public void Draw(string name, bool chapters, int rows)
    {
        var canvas = new Canvas(record, axis, page, Everything: chapters);
        var top = chapters && record.Chapters.Count > 0 ? 30.0 : 4;
        var lane = new Lane(canvas);
        var lanes = Enum.GetValues<MomentKind>().Where(kind => kind != MomentKind.Check).Select(kind => lane.Of(kind, rows)).OfType<Panel>().ToList();
        var panels = lanes.Concat(Charts(canvas)).ToList();
        var bottom = top + panels.Sum(panel => panel.Height);

        page.Add($"<svg class=\"timeline\" viewBox=\"0 0 {Canvas.Width} {bottom + Bottom:0}\" role=\"img\" aria-label=\"{name}\" data-left=\"{Canvas.Left}\" data-right=\"{Canvas.Right}\" data-from=\"{(axis.From - record.StartedAt).TotalSeconds:0.###}\" data-to=\"{(axis.To - record.StartedAt).TotalSeconds:0.###}\">");
        if (chapters) Chapters(bottom);
        Grid(top, bottom);
        Marks(top + lanes.Sum(panel => panel.Height), bottom);
        var y = top;
        foreach (var (height, draw) in panels)
        {
            draw(y);
            y += height;
        }
        page.Add($"<path class=\"cross\" d=\"M0 {top:0}V{bottom:0}\"/></svg>");
    }

    private static IEnumerable<Panel> Charts(Canvas canvas)
    {
        var stack = new StackPanel(canvas);
        var sessions = canvas.Databases(Measure.Active).Select(database => stack.Of(database, "connections", Looks.Sessions, canvas.Find(database, Measure.Slots)));
        var logins = canvas.Databases(Measure.LoggedIn).Select(database => stack.Of(database, "logins a second", Looks.Logins, null));
        return sessions.OfType<Panel>()
            .Concat(new FreeSpacePanel(canvas).All())
            .Concat(logins.OfType<Panel>())
            .Concat(new ProbePanel(canvas).All())
            .Concat(new[] { new OutagePanel(canvas).Of() }.OfType<Panel>());
    }

    private void Chapters(double bottom)
    {
        for (var n = 0; n < record.Chapters.Count; n++)
        {
            var chapter = record.Chapters[n];
            var (x, width) = (axis.X(chapter.At), axis.X(chapter.To) - axis.X(chapter.At));
            page.Add($"<rect class=\"chapter{(n % 2 == 0 ? "" : " odd")}\" x=\"{x:0.#}\" y=\"0\" width=\"{width:0.#}\" height=\"{bottom:0}\"><title>{chapter.Title}</title></rect>");
            var room = (int)((width - 30) / TitleCharacter);
            var title = room >= chapter.Title.Length ? chapter.Title : room > 6 ? chapter.Title[..(room - 1)] + "…" : "";
            if (width < 14) continue;
            page.Add($"<a href=\"#part-{n + 1}\"><circle class=\"number\" cx=\"{x + 11:0.#}\" cy=\"13\" r=\"8\"/><text class=\"number\" x=\"{x + 11:0.#}\" y=\"17\">{n + 1}</text><text class=\"title\" x=\"{x + 23:0.#}\" y=\"17\">{title}</text></a>");
        }
    }

    private void Grid(double top, double bottom)
    {
        foreach (var (at, label) in axis.Ticks)
            page.Add($"<path class=\"grid\" d=\"M{axis.X(at):0.#} {top:0}V{bottom:0}\"/><text class=\"tick\" x=\"{axis.X(at):0.#}\" y=\"{bottom + 15:0}\">{label}</text>");
    }

    /// <summary>Lines through the charts where events came and actions were taken.</summary>
    private void Marks(double top, double bottom)
    {
        foreach (var moment in record.Moments.Where(moment => axis.Holds(moment.At) && moment.Weight != Weight.Faint && moment.Kind is MomentKind.Event or MomentKind.Action))
            page.Add($"<path class=\"at {Looks.Style(moment.Kind)}\" d=\"M{axis.X(moment.At):0.#} {top:0}V{bottom:0}\"/>");
    }
}
