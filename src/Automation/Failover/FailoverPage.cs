using Automation.Failover.Page;

namespace Automation.Failover;

/// <summary>A test as one HTML page: no script, nothing from the network, light and dark, on screen and on paper.</summary>
internal static class FailoverPage
{
    public static string Write(FailoverReport report)
    {
        var page = new HtmlText();
        var (chart, tables) = (new LaneChart(report, page), new Tables(report, page));
        // The policy is a second wall behind the encoding: nothing is loaded, and no script runs.
        page.Markup("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">");
        page.Add($"<title>{Words.Of(report.Verdict)}: failover test of {report.Database.Id}, {report.CalledAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z</title>");
        page.Markup(PageStyle.Css);
        page.Markup("</head><body><main>");
        Head(page, report);
        Glance(page, report);
        page.Markup("<section><h2>What clients saw</h2>");
        Legend(page, report, chart);
        chart.Lanes();
        page.Markup("<h3>Slowest answers, 1 ms to the deadline, logarithmic</h3>");
        chart.Latency();
        tables.Lanes();
        page.Markup("</section><section><h2>What to do next</h2>");
        Advice(page, report.Advice);
        page.Markup("</section><section><h2>Timeline</h2>");
        tables.Timeline(chart);
        page.Markup("</section><section><h2>Writes, held against the new writer</h2>");
        tables.Writes();
        page.Markup("</section><section><h2>Checks before the call</h2>");
        tables.Checks();
        page.Markup("</section><section><h2>Before anything was done</h2>");
        tables.Baseline();
        page.Add($"<p class=\"faint\">An attempt every {Words.Span(report.Times.Interval)} on each way, each a read and, where it can be, a write; an answer after {Words.Span(report.Times.Deadline)} is none. All ways on one clock, kept outside the database.</p>");
        page.Markup("</section></main></body></html>");
        return page.ToString();
    }

    private static void Head(HtmlText page, FailoverReport report)
    {
        page.Add($"<header class=\"{Words.Of(report.Verdict)}\"><span class=\"verdict\">{Words.Of(report.Verdict)}</span><div><h1>{report.Database.Id}</h1>");
        page.Add($"<p>{Tables.Plain(report.Sentence)}.</p><p class=\"facts\">{report.Database.Engine} {report.Database.EngineVersion} · called {report.CalledAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        if (report.Target is { } target) page.Add($" · to {target}");
        page.Add($" · <code>{report.Reason}</code></p></div></header>");
    }

    private static void Glance(HtmlText page, FailoverReport report)
    {
        page.Markup("<div class=\"tiles\">");
        var worst = !report.Proven ? null : report.Lanes.Where(lane => lane.Writes is not null).MaxBy(lane => lane.Writes!.Down);
        Tile(page, "Write downtime", Of(report.WriteDowntime), worst is null ? "no proven failover" : $"the longest: {worst.Lane.Name}");
        var reads = !report.Proven ? null : report.Lanes.MaxBy(lane => lane.Reads.Down);
        Tile(page, "Read downtime", Of(report.ReadDowntime), reads is null ? "no proven failover" : $"the longest: {reads.Lane.Name}");
        Tile(page, "Lost writes", report.Writes is { } writes ? FormattableString.Invariant($"{writes.Lost}") : "–",
            report.Writes is { } counts ? FormattableString.Invariant($"of {counts.Acknowledged} acknowledged") : "could not be read back");
        Tile(page, "Budget", Words.Span(report.Budget), report.Proven && report.Budget > TimeSpan.Zero
            ? FormattableString.Invariant($"{report.Lanes.Select(lane => lane.Down).DefaultIfEmpty().Max() / report.Budget * 100:0} % of it used") : "not applied");
        if (report.Trend is { } trend)
            Tile(page, "Usual write downtime", trend.Runs == 1 ? "–" : Words.Span(trend.Median), FailoverText.TrendWords(trend));
        page.Markup("</div>");
    }

    private static void Tile(HtmlText page, string name, string figure, string beside) =>
        page.Add($"<div class=\"tile\"><span>{name}</span><b>{figure}</b><small>{beside}</small></div>");

    private static void Legend(HtmlText page, FailoverReport report, LaneChart chart)
    {
        page.Markup("<p class=\"legend\">");
        foreach (var error in chart.Met) page.Add($"<span><i class=\"{ErrorLooks.Style(error)}\"></i>{Tables.Plain(ErrorLooks.Meaning(error, report.Times))}</span>");
        page.Markup("<span><i class=\"diamond\"></i>first answer of the new writer</span><span><b class=\"number\">1</b>see the timeline</span><span><b class=\"number told\">2</b>as RDS tells it</span></p>");
    }

    private static void Advice(HtmlText page, IReadOnlyList<string> advice)
    {
        if (advice.Count == 0)
        {
            page.Markup("<p>Nothing: clients were back as they should be.</p>");
            return;
        }
        page.Markup("<ul>");
        foreach (var line in advice) page.Add($"<li>{line}</li>");
        page.Markup("</ul>");
    }

    private static string Of(TimeSpan? downtime) => downtime is { } span ? Words.Span(span) : "–";
}
