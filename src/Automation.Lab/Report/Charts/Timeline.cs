using System.Globalization;
using System.Text;
using Automation.Lab.Report.Html;

namespace Automation.Lab.Report.Charts;

/// <summary>One drawing: what was measured, stacked over one time axis, under the moments at which things happened.</summary>
/// <param name="record">The run.</param>
/// <param name="from">The first time that is shown.</param>
/// <param name="to">The last.</param>
/// <param name="page">Gets the drawing.</param>
internal sealed class Timeline(RunRecord record, DateTimeOffset from, DateTimeOffset to, HtmlText page)
{
    private const int Left = 150, Width = 1280, Right = Width - 14, Columns = 900;
    private const double TitleCharacter = 7;
    private const int RowHeight = 17, LaneGap = 7, PanelGap = 26, Bottom = 24;

    // Sessions, or logins a second: fewer than these are not worth a change of scale, a tall chart, a chart in a part.
    private const double Least = 10, Busy = 20, Stir = 4;

    private static readonly TimeSpan ProbeSaysFor = TimeSpan.FromSeconds(1);

    private readonly TimeAxis axis = TimeAxis.Of(record.StartedAt, from, to, Left, Right);
    private readonly List<(double Height, Action<double> Draw)> panels = [];
    private bool everything;

    /// <summary>Draws it.</summary>
    /// <param name="name">What it is called by those who do not see it.</param>
    /// <param name="chapters">Whether the run's chapters stand above; without them only what moves is drawn.</param>
    /// <param name="rows">How many rows of labels each kind of moment may take.</param>
    public void Draw(string name, bool chapters, int rows)
    {
        everything = chapters;
        var top = chapters && record.Chapters.Count > 0 ? 30.0 : 4;
        foreach (var kind in Enum.GetValues<MomentKind>().Where(kind => kind != MomentKind.Check)) Lane(kind, rows);
        var lanes = panels.Sum(panel => panel.Height);
        Sessions();
        FreeSpace();
        Logins();
        Probes();
        Outages();
        var bottom = top + panels.Sum(panel => panel.Height);

        page.Add($"<svg class=\"timeline\" viewBox=\"0 0 {Width} {bottom + Bottom:0}\" role=\"img\" aria-label=\"{name}\" data-left=\"{Left}\" data-right=\"{Right}\" data-from=\"{(axis.From - record.StartedAt).TotalSeconds:0.###}\" data-to=\"{(axis.To - record.StartedAt).TotalSeconds:0.###}\">");
        if (chapters) Chapters(bottom);
        Grid(top, bottom);
        Marks(top + lanes, bottom);
        var y = top;
        foreach (var (height, draw) in panels)
        {
            draw(y);
            y += height;
        }
        page.Add($"<path class=\"cross\" d=\"M0 {top:0}V{bottom:0}\"/></svg>");
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

    private void Lane(MomentKind kind, int rows)
    {
        var marks = LabelRows.Place(record.Moments.Where(moment => moment.Kind == kind), axis, rows, 46, quiet: everything);
        if (marks.Count == 0) return;
        var height = ((marks.Max(mark => mark.Row) + 1) * RowHeight) + LaneGap;
        panels.Add((height, top =>
        {
            page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 12:0}\">{Looks.Row(kind)}</text><path class=\"rule\" d=\"M0 {top + height - (LaneGap / 2.0):0.#}H{Right}\"/>");
            foreach (var mark in marks) Mark(mark, top + (mark.Row * RowHeight) + 8);
        }));
    }

    private void Mark(MomentMark mark, double y)
    {
        var (x, first) = (mark.X, mark.Moments[0]);
        page.Add($"<g class=\"moment {Looks.Style(first.Kind)}{Looks.Style(first.Weight)}\">");
        page.Add($"<title>{string.Join(" | ", mark.Moments.Select(moment => $"{Looks.Clock(record, moment.At)} {moment.Label}{(moment.Text.Length > 0 ? ": " : "")}{moment.Text}"))}</title>");
        switch (first.Kind)
        {
            case MomentKind.Event:
                page.Add($"<path d=\"M{x - 5:0.#} {y - 5:0.#}h10l-5 10z\"/>");
                break;
            case MomentKind.Function:
                page.Add($"<rect x=\"{x:0.#}\" y=\"{y - 5:0.#}\" width=\"{Math.Max(3, mark.End - x):0.#}\" height=\"10\" rx=\"2\"/>");
                break;
            case MomentKind.Decision:
                page.Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4.5\"/>");
                break;
            case MomentKind.Action:
                page.Add($"<path d=\"M{x:0.#} {y - 6:0.#}l6 6l-6 6l-6 -6z\"/>");
                break;
            case MomentKind.Message:
                page.Add($"<path d=\"M{x - 6:0.#} {y - 4.5:0.#}h12v9h-12z\"/><path class=\"fold\" d=\"M{x - 6:0.#} {y - 4.5:0.#}l6 5l6 -5\"/>");
                break;
            case MomentKind.Check:
                page.Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"2.5\"/>");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mark), first.Kind, "no such kind");
        }
        if (mark.Label.Length > 0)
            page.Add($"<text class=\"{(mark.IsLeft ? "label left" : "label")}\" x=\"{(mark.IsLeft ? x - 9 : mark.End + 9):0.#}\" y=\"{y + 4:0.#}\">{mark.Label}</text>");
        page.Markup("</g>");
    }

    private void Sessions()
    {
        foreach (var database in Databases(Measure.Active)) Stack(database, "connections", Looks.Sessions, Find(database, Measure.Slots));
    }

    private void Logins()
    {
        foreach (var database in Databases(Measure.LoggedIn)) Stack(database, "logins a second", Looks.Logins, null);
    }

    private void Stack(string database, string unit, IReadOnlyList<(Measure Measure, string Name, string Style)> layers, RunSeries? limit)
    {
        var found = layers.Select(layer => (layer.Name, layer.Style, Series: Find(database, layer.Measure))).Where(layer => layer.Series is not null).ToList();
        var kept = found.SelectMany(layer => Thinning.Indices(layer.Series!.Points, axis, Columns)).Distinct().Order().ToList();
        var sums = kept.Select(n => found.Sum(layer => At(layer.Series!, n)?.Value ?? 0)).ToList();
        var (lowest, highest) = (sums.DefaultIfEmpty(0).Min(), sums.DefaultIfEmpty(0).Max());
        if (!everything && highest - lowest < Stir) return;
        var top = limit?.Points.Max(point => point.Value) is { } most && highest > most / 3 ? Math.Max(highest, most) : Math.Max(highest, Least);
        // A database where little happens takes little room.
        double height = highest > Busy ? 96 : 40;
        var scale = ValueAxis.Of(top, height > 80 ? 4 : 1);
        static string Write(double value) => FormattableString.Invariant($"{value:0.#}");
        panels.Add((height + PanelGap, y =>
        {
            var plot = y + PanelGap - 4;
            Frame(database, unit, plot, height, scale, Write);
            if (kept.Count == 0) page.Add($"<text class=\"none\" x=\"{Left + 10}\" y=\"{plot + (height / 2):0}\">no samples</text>");
            var below = new double[kept.Count];
            foreach (var (layer, style, series) in found)
            {
                page.Add($"<path class=\"area {style}\" d=\"{Area(series!, kept, below, value => plot + (scale.Down(value) * height))}\"/>");
                Data(database, layer, series!, kept, Write);
            }
            if (limit?.Points is [.., { Value: { } slots }] && slots <= scale.Top)
                page.Add($"<path class=\"limit\" d=\"M{Left} {plot + (scale.Down(slots) * height):0.#}H{Right}\"/><text class=\"of-limit\" x=\"{Right - 4}\" y=\"{plot + (scale.Down(slots) * height) - 4:0.#}\">{Write(slots)} slots</text>");
        }));
    }

    private void FreeSpace()
    {
        foreach (var database in Databases(Measure.Free))
        {
            var (free, allocated) = (Find(database, Measure.Free)!, Find(database, Measure.Allocated));
            var kept = Thinning.Indices(free.Points, axis, Columns);
            var highest = kept.Select(n => Math.Max(free.Points[n].Value ?? 0, allocated is null ? 0 : At(allocated, n)?.Value ?? 0)).DefaultIfEmpty(0).Max();
            if (!everything && kept.Select(n => free.Points[n].Value).OfType<double>().ToList() is var moves && (moves.Count == 0 || moves.Max() - moves.Min() < highest / 100)) continue;
            const double Height = 84;
            // In whole gibibytes, so that the lines of the axis are round.
            var inGiB = ValueAxis.Of(highest / (1L << 30));
            var scale = new ValueAxis(inGiB.Top * (1L << 30), inGiB.Step * (1L << 30));
            panels.Add((Height + PanelGap, y =>
            {
                var plot = y + PanelGap - 4;
                Frame(database, "free space", plot, Height, scale, Looks.Gibibytes);
                if (kept.Count == 0) page.Add($"<text class=\"none\" x=\"{Left + 10}\" y=\"{plot + (Height / 2):0}\">no samples</text>");
                double Y(double value) => plot + (scale.Down(value) * Height);
                page.Add($"<path class=\"area s-free\" d=\"{Area(free, kept, new double[kept.Count], Y)}\"/><path class=\"line s-free\" d=\"{Line(free, kept, Y)}\"/>");
                Data(database, "free", free, kept, Looks.Gibibytes);
                if (allocated is null) return;
                var steps = Thinning.Indices(allocated.Points, axis, Columns);
                page.Add($"<path class=\"limit\" d=\"{Line(allocated, steps, Y)}\"/>");
                if (steps.Count > 0 && allocated.Points[steps[^1]].Value is { } last)
                    page.Add($"<text class=\"of-limit\" x=\"{Right - 4}\" y=\"{Y(last) - 4:0.#}\">{Looks.Gibibytes(last)} allocated</text>");
                Data(database, "allocated", allocated, steps, Looks.Gibibytes);
            }));
        }
    }

    private void Probes()
    {
        const int Pitch = 14;
        foreach (var probe in record.Probes.Where(probe => probe.Attempts.Any(attempt => axis.Holds(attempt.At) && (everything || !attempt.Wrote))))
        {
            panels.Add(((Pitch * 2) + PanelGap - 6, y =>
            {
                var top = y + PanelGap - 10;
                page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">{probe.Database}</text>");
                Row("a new login", attempt => attempt.LoggedIn, top);
                Row("a write", attempt => attempt.Wrote, top + Pitch);
            }));
            void Row(string name, Func<RunAttempt, bool> good, double top)
            {
                page.Add($"<text class=\"operation\" x=\"{Left - 10}\" y=\"{top + 10:0}\">{name}</text><g class=\"strip\">");
                foreach (var segment in Strip.Segments(probe.Attempts, good, axis, ProbeSaysFor))
                    page.Add($"<rect class=\"{(segment.Good ? "good" : "bad")}\" x=\"{segment.From:0.#}\" y=\"{(segment.Good ? top + 3 : top):0.#}\" width=\"{Math.Max(0.3, segment.To - segment.From):0.#}\" height=\"{(segment.Good ? 6 : 12)}\"><title>{name}: {segment.Words ?? "succeeded"}</title></rect>");
                page.Markup("</g>");
            }
        }
    }

    private void Outages()
    {
        const int Pitch = 18;
        var shown = record.Outages.Where(outage => outage.To >= axis.From && outage.From <= axis.To).ToList();
        if (shown.Count == 0) return;
        var rows = shown.Select(outage => (outage.Database, outage.Way)).Distinct().ToList();
        panels.Add(((Pitch * rows.Count) + PanelGap, y =>
        {
            var top = y + PanelGap - 8;
            page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">write downtime</text>");
            foreach (var outage in shown)
            {
                var at = top + (rows.IndexOf((outage.Database, outage.Way)) * Pitch);
                var (x, end) = (axis.X(outage.From), axis.X(outage.To));
                var took = FormattableString.Invariant($"{(outage.To - outage.From).TotalMilliseconds:0} ms");
                var measured = outage.MeasuredMs.Count == 0 ? "" : $", measured {string.Join(" and ", outage.MeasuredMs.Select(ms => ms.ToString(CultureInfo.InvariantCulture)))} ms";
                page.Add($"<g class=\"outage\"><title>{outage.Database}, {outage.Way}: {took}{measured}</title><rect x=\"{x:0.#}\" y=\"{at:0}\" width=\"{Math.Max(2, end - x):0.#}\" height=\"13\" rx=\"2\"/>");
                var words = $"{outage.Database}, {outage.Way}: {took}{measured}";
                var isLeft = end + 7 + (words.Length * LabelRows.Character) > Right;
                page.Add($"<text class=\"{(isLeft ? "label left" : "label")}\" x=\"{(isLeft ? x - 7 : end + 7):0.#}\" y=\"{at + 11:0}\">{words}</text></g>");
            }
        }));
    }

    private void Frame(string name, string unit, double top, double height, ValueAxis scale, Func<double, string> write)
    {
        page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">{name}</text><text class=\"unit\" x=\"0\" y=\"{top + 26:0}\">{unit}</text>");
        foreach (var value in scale.Ticks)
        {
            var y = top + (scale.Down(value) * height);
            page.Add($"<path class=\"{(value == 0 ? "base" : "grid")}\" d=\"M{Left} {y:0.#}H{Right}\"/><text class=\"value\" x=\"{Left - 8}\" y=\"{y + 4:0.#}\">{write(value)}</text>");
        }
    }

    /// <summary>What the page's script shows of a series where the pointer is.</summary>
    private void Data(string database, string name, RunSeries series, IReadOnlyList<int> kept, Func<double, string> write)
    {
        var text = new StringBuilder();
        foreach (var n in kept)
        {
            if (At(series, n) is not { Value: { } value } point) continue;
            text.Append(CultureInfo.InvariantCulture, $"{(point.At - record.StartedAt).TotalSeconds:0.##}={write(value)};");
        }
        page.Add($"<g class=\"data\" data-name=\"{database}: {name}\" data-points=\"{text.ToString()}\"/>");
    }

    /// <summary>A closed shape on top of <paramref name="below"/>, to which it is added. A gap ends the shape and begins another.</summary>
    private string Area(RunSeries series, IReadOnlyList<int> kept, double[] below, Func<double, double> y)
    {
        var (path, run) = (new StringBuilder(), new List<(double X, double Low, double High)>());
        for (var i = 0; i < kept.Count; i++)
        {
            if (At(series, kept[i]) is { Value: { } value } point)
            {
                run.Add((axis.X(point.At), below[i], below[i] + value));
                below[i] += value;
            }
            else Close();
        }
        Close();
        return path.ToString();

        void Close()
        {
            if (run.Count == 1) run.Add(run[0] with { X = run[0].X + 1 });
            for (var n = 0; n < run.Count; n++) path.Append(CultureInfo.InvariantCulture, $"{(n == 0 ? 'M' : 'L')}{run[n].X:0.#} {y(run[n].High):0.#}");
            for (var n = run.Count - 1; n >= 0; n--) path.Append(CultureInfo.InvariantCulture, $"L{run[n].X:0.#} {y(run[n].Low):0.#}");
            if (run.Count > 0) path.Append('Z');
            run.Clear();
        }
    }

    private string Line(RunSeries series, IReadOnlyList<int> kept, Func<double, double> y)
    {
        var (path, up) = (new StringBuilder(), true);
        foreach (var n in kept)
        {
            if (At(series, n) is { Value: { } value } point)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(up ? 'M' : 'L')}{axis.X(point.At):0.#} {y(value):0.#}");
                up = false;
            }
            else up = true;
        }
        return path.ToString();
    }

    private static RunPoint? At(RunSeries series, int n) => n < series.Points.Count ? series.Points[n] : null;

    private IEnumerable<string> Databases(Measure measure) => record.Series.Where(series => series.Measure == measure).Select(series => series.Database);

    private RunSeries? Find(string database, Measure measure) => record.Series.FirstOrDefault(series => series.Database == database && series.Measure == measure);
}
