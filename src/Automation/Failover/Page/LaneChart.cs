using System.Globalization;
using System.Text;

namespace Automation.Failover.Page;

/// <summary>The drawing: a row for each lane and operation over time, with what happened as vertical marks; below it the latency.</summary>
internal sealed class LaneChart(FailoverReport report, HtmlText page)
{
    private const int Left = 150, Right = 890, Width = 1000, Plot = Right - Left;
    private const int Bar = 13, RowStep = 17, LaneGap = 11, Label = 19, Strip = 30, Axis = 26, Levels = 4, Together = 14;

    /// <summary>Rows are drawn in cells, each as wide as this.</summary>
    private const double CellWidth = (double)Plot / ChartRules.Cells;

    private readonly ChartWindow window = ChartWindow.Of(report);

    /// <summary>Events inside the chart have the number they have in the timeline.</summary>
    public bool Shows(TimelineEvent line) => line.At + report.Called >= window.From && line.At + report.Called <= window.To;

    public void Lanes()
    {
        var marks = Marks();
        var top = 12 + Label * (marks.Count == 0 ? 1 : marks.Max(mark => mark.Level) + 1);
        var bottom = top + report.Lanes.Sum(lane => LaneGap + RowStep * (lane.Lane.Writes ? 2 : 1)) + 4;
        Open(bottom + Axis, "Answers of each way over time; what was met is named in the legend, the figures are in the table below");
        Grid(top, bottom);
        var y = top;
        foreach (var lane in report.Lanes)
        {
            y += LaneGap;
            page.Add($"<text class=\"lane\" x=\"0\" y=\"{y + 10}\">{lane.Lane.Name}</text>");
            if (lane.Writes is { } writes) Row(lane, Operation.Write, writes, ref y);
            Row(lane, Operation.Read, lane.Reads, ref y);
        }
        foreach (var mark in marks) Mark(mark, top, bottom);
        foreach (var lane in report.Lanes.Where(lane => lane.FirstOfNewWriter is { } at && at >= window.From && at <= window.To)) Diamond(lane, top);
        page.Markup("</svg>");
    }

    /// <summary>Slowest answers, on a logarithmic scale from 1 ms to the deadline.</summary>
    public void Latency()
    {
        var bottom = 8 + report.Lanes.Count * (Strip + LaneGap);
        Open(bottom + Axis, "The slowest answers of each way over time; the figures are in the table below");
        Grid(8, bottom);
        var full = Math.Log10(Math.Max(10, report.Times.Deadline.TotalMilliseconds));
        var y = 8;
        foreach (var lane in report.Lanes)
        {
            y += Strip + LaneGap;
            page.Add($"<text class=\"lane\" x=\"0\" y=\"{y - Strip / 2 + 4}\">{lane.Lane.Name}</text>");
            page.Add($"<path class=\"base\" d=\"M{Left} {y}H{Right}\"/><path class=\"limit\" d=\"M{Left} {y - Strip}H{Right}\"/>");
            var bars = new StringBuilder();
            var latencies = JournalOf(lane) is { } journal ? ChartRules.Latencies(journal, window, report.Ended) : [];
            for (var cell = 0; cell < latencies.Count; cell++)
            {
                if (latencies[cell] <= TimeSpan.Zero) continue;
                var height = Math.Clamp(Math.Log10(Math.Max(1.2, latencies[cell].TotalMilliseconds)) / full, 0, 1) * Strip;
                bars.Append(CultureInfo.InvariantCulture, $"M{cell}.5 0v-{height:0.#}");
            }
            page.Add($"<path class=\"slow\" transform=\"translate({Left} {y}) scale({CellWidth:0.####} 1)\" d=\"{bars.ToString()}\"/>");
            page.Add($"<text class=\"figure\" x=\"{Right + 10}\" y=\"{y - Strip / 2 + 4}\">{Words.Span(lane.Noise.Median)}<tspan class=\"faint\"> median</tspan></text>");
        }
        page.Markup("</svg>");
    }

    /// <summary>What is met in the chart, in the order of the first rows.</summary>
    public IEnumerable<string?> Met => report.Lanes.SelectMany(lane => new[] { lane.Writes, lane.Reads }).OfType<Outage>()
        .SelectMany(outage => outage.ByError.OrderByDescending(error => error.Value).Select(error => (string?)error.Key)).Prepend(null).Distinct();

    private void Open(int height, string title) =>
        page.Add($"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{title}\">");

    private void Row(LaneResult lane, Operation operation, Outage outage, ref int y)
    {
        var middle = y + Bar / 2.0;
        page.Add($"<text class=\"operation\" x=\"{Left - 8}\" y=\"{y + 10}\">{Words.Of(operation)}</text>");
        var segments = JournalOf(lane) is { } journal ? ChartRules.Segments(journal, operation, window, report.Ended) : [];
        foreach (var look in segments.GroupBy(segment => ErrorLooks.Style(segment.Error)))
        {
            var path = new StringBuilder();
            foreach (var segment in look) path.Append(CultureInfo.InvariantCulture, $"M{segment.From} 0h{segment.To - segment.From}");
            page.Add($"<path class=\"bar {look.Key}\" transform=\"translate({Left} {middle:0.#}) scale({CellWidth:0.####} 1)\" d=\"{path.ToString()}\"/>");
        }
        var figure = !report.Proven ? "" : outage switch
        {
            { FirstFailure: null } => "none",
            { Recovered: false } => $"> {Words.Span(outage.Down)}",
            _ => Words.Span(outage.Down),
        };
        page.Add($"<text class=\"figure\" x=\"{Right + 10}\" y=\"{y + 10}\">{figure}</text>");
        y += RowStep;
    }

    private void Grid(int top, int bottom)
    {
        page.Add($"<rect class=\"before\" x=\"{Left}\" y=\"{top}\" width=\"{X(report.Called) - Left:0.#}\" height=\"{bottom - top}\"/>");
        var step = window.Step;
        for (var at = report.Called + step * Math.Ceiling((window.From - report.Called) / step); at <= window.To; at += step)
        {
            var (x, seconds) = (X(at), (int)Math.Round((at - report.Called).TotalSeconds));
            page.Add($"<path class=\"grid\" d=\"M{x:0.#} {top}V{bottom}\"/><text class=\"tick\" x=\"{x:0.#}\" y=\"{bottom + 16}\">{(seconds == 0 ? "call" : $"{(seconds > 0 ? "+" : "−")}{Math.Abs(seconds)} s")}</text>");
        }
    }

    /// <summary>Events that lie too close to be told apart share a mark; the timeline is in the order of time, and so are its numbers.</summary>
    private List<ChartMark> Marks()
    {
        var marks = new List<ChartMark>();
        var taken = Enumerable.Repeat(double.MinValue, Levels).ToArray();
        foreach (var (line, number) in report.Timeline.Take(Tables.MostEvents).Select((line, i) => (line, i + 1)).Where(numbered => Shows(numbered.line)))
        {
            var x = X(line.At + report.Called);
            if (marks.Count > 0 && x - marks[^1].X < Together) marks[^1] = marks[^1] with { Last = number, Lines = [.. marks[^1].Lines, line] };
            else marks.Add(new ChartMark(x, number, number, [line], 0));
        }
        for (var i = 0; i < marks.Count; i++)
        {
            var (x, half) = (marks[i].X, marks[i].Width / 2);
            var free = Array.FindIndex(taken, right => x - half > right + 2);
            var level = free >= 0 ? free : Array.IndexOf(taken, taken.Min());
            taken[level] = x + half;
            marks[i] = marks[i] with { Level = level };
        }
        return marks;
    }

    private void Mark(ChartMark mark, int top, int bottom)
    {
        var (x, y, width) = (mark.X, top - 10 - mark.Level * Label, mark.Width);
        page.Add($"<g class=\"{mark.Look}\"><title>{Tables.Plain(string.Join("; ", mark.Lines.Select(line => line.Event)))}</title><path d=\"M{x:0.#} {y}V{bottom}\"/><rect x=\"{x - width / 2:0.#}\" y=\"{y - 8.5:0.#}\" width=\"{width:0.#}\" height=\"17\" rx=\"8.5\"/><text x=\"{x:0.#}\" y=\"{y + 3.5:0.#}\">{mark.Label}</text></g>");
    }

    private void Diamond(LaneResult lane, int top)
    {
        var index = report.Lanes.TakeWhile(other => other != lane).Sum(other => LaneGap + RowStep * (other.Lane.Writes ? 2 : 1));
        var (x, y) = (X(lane.FirstOfNewWriter!.Value), top + index + LaneGap + Bar / 2.0);
        page.Add($"<path class=\"new\" d=\"M{x:0.#} {y - 6:0.#}l5 6l-5 6l-5-6z\"><title>first answer of the new writer ({lane.Lane.Name})</title></path>");
    }

    private LaneJournal? JournalOf(LaneResult lane) => report.Journal.FirstOrDefault(journal => journal.Lane.Number == lane.Lane.Number);

    private double X(TimeSpan at) => Left + Math.Clamp(window.Share(at), 0, 1) * Plot;
}
