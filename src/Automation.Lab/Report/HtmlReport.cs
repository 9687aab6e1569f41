using Automation.Lab.Report.Charts;
using Automation.Lab.Report.Html;

namespace Automation.Lab.Report;

/// <summary>
/// A run as one HTML page that needs nothing else: light and dark, on a screen and on paper. Pure: the same record gives the same
/// page. The drawings are there without the script, which only tells values under the pointer.
/// </summary>
internal static class HtmlReport
{
    public static string Render(RunRecord record)
    {
        var page = new HtmlText();
        page.Markup("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        // A second wall behind the encoding: nothing is loaded, and no script runs but the page's own.
        page.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '{PageScript.Hash}'; base-uri 'none'; form-action 'none'\">");
        page.Markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">");
        page.Add($"<title>{Word(record)}: lab run of {record.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z</title>");
        page.Markup(PageStyle.Css);
        page.Markup("</head><body><main>");
        Head(page, record);
        Tiles(page, record);
        Incidents(page, record);
        Overview(page, record);
        for (var n = 0; n < record.Chapters.Count; n++) new Part(page, record, n).Write();
        new Tables(page, record).Write();
        page.Markup("</main>");
        page.Markup(PageScript.Html);
        page.Markup("</body></html>");
        return page.ToString();
    }

    private static string Word(RunRecord record) => record.Succeeded ? "passed" : record.Broken is null ? "failed" : "broken off";

    private static void Head(HtmlText page, RunRecord record)
    {
        var (checks, failed) = (record.Checks.Count(), record.Checks.Count(check => !check.Holds));
        page.Add($"<header class=\"{(record.Succeeded ? "passed" : "failed")}\"><span class=\"verdict\">{Word(record)}</span><div><h1>A run of the lab: RDS kept safe without a person watching</h1>");
        page.Add($"<p>{Sentence(record, checks, failed)}</p>");
        page.Add($"<p class=\"facts\">{record.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC · {Looks.Span(record.EndedAt - record.StartedAt)}");
        if (record.Seed is { } seed) page.Add($" · seed {seed}");
        page.Markup("</p></div></header>");
    }

    private static string Sentence(RunRecord record, int checks, int failed)
    {
        var acted = record.Decisions.Count(decision => decision.Decision == "acted");
        var told = FormattableString.Invariant($"The automation was invoked {Times(record.Invocations.Count)}, decided {Times(record.Decisions.Count)}, acted on {acted} of these decisions and wrote {Many(record.Messages.Count, "message")} to people.");
        var verdict = record.Broken is { } why ? $"The run was broken off: {why}"
            : checks == 0 ? "Nothing was checked."
            : (checks, failed) == (1, 0) ? "The one check holds."
            : failed == 0 ? FormattableString.Invariant($"All {checks} checks hold.")
            : FormattableString.Invariant($"{failed} of {checks} checks {(failed == 1 ? "does" : "do")} not hold.");
        return $"{told} {verdict}";
    }

    private static string Times(int count) => count == 1 ? "once" : FormattableString.Invariant($"{count} times");

    private static string Many(int count, string one) => FormattableString.Invariant($"{count} {one}{(count == 1 ? "" : "s")}");

    private static void Tiles(HtmlText page, RunRecord record)
    {
        page.Markup("<div class=\"tiles\">");
        var (checks, holds) = (record.Checks.Count(), record.Checks.Count(check => check.Holds));
        Tile(page, "Checks that hold", FormattableString.Invariant($"{holds}"), FormattableString.Invariant($"of {checks}"));
        var attempts = record.Probes.SelectMany(probe => probe.Attempts).ToList();
        if (attempts.Count > 0)
            Tile(page, "Logins that succeeded", FormattableString.Invariant($"{Floor(attempts.Count(attempt => attempt.LoggedIn) * 100d / attempts.Count):0.0} %"), FormattableString.Invariant($"of {attempts.Count} by the lab's probe"));
        if (record.Outages.MaxBy(outage => outage.To - outage.From) is { } longest)
            Tile(page, "Write downtime", Looks.Span(longest.To - longest.From), $"{longest.Database}, {longest.Way}");
        if (Lowest(record) is var (least, database))
            Tile(page, "Least free space", Looks.Gibibytes(least), database);
        Tile(page, "Actions taken", FormattableString.Invariant($"{record.Moments.Count(moment => moment.Kind == MomentKind.Action && moment.Weight != Weight.Bad)}"), Refusals(record));
        if (Spread.Of(record.Invocations.Select(one => one.Init).OfType<TimeSpan>()) is { } init)
            Tile(page, "Cold start", Looks.Span(init.Median), FormattableString.Invariant($"median of {record.Invocations.Count(one => one.Init is not null)}"));
        page.Markup("</div>");
    }

    private static string Refusals(RunRecord record)
    {
        var refusals = record.Decisions.Where(decision => decision.Decision == "refused").ToList();
        var unexplained = refusals.Count(refusal => string.IsNullOrWhiteSpace(refusal.Reason) || string.IsNullOrWhiteSpace(refusal.Summary));
        return refusals.Count == 0 ? "no refusal"
            : unexplained == 0 ? $"{Many(refusals.Count, "refusal")}, each with a reason"
            : FormattableString.Invariant($"{Many(refusals.Count, "refusal")}, {unexplained} without a reason");
    }

    // 99.96 % is not all of them.
    private static double Floor(double percent) => Math.Floor(percent * 10) / 10;

    private static (double Bytes, string Database)? Lowest(RunRecord record)
    {
        var points = record.Series.Where(series => series.Measure == Measure.Free)
            .SelectMany(series => series.Points.Select(point => (point.Value, series.Database))).Where(point => point.Value is not null).ToList();
        return points.Count == 0 ? null : points.Select(point => (point.Value!.Value, point.Database)).MinBy(point => point.Value);
    }

    private static void Tile(HtmlText page, string name, string figure, string beside) =>
        page.Add($"<div class=\"tile\"><span>{name}</span><b>{figure}</b><small>{beside}</small></div>");

    /// <summary>One row of each chapter that something was decided or checked in.</summary>
    private static void Incidents(HtmlText page, RunRecord record)
    {
        var parts = Enumerable.Range(0, record.Chapters.Count).Select(n => new Part(page, record, n)).Where(part => part.IsIncident).ToList();
        if (parts.Count == 0) return;
        page.Markup("<section id=\"incidents\"><h2>What happened, and what became of it</h2><div class=\"wide\"><table><thead><tr><th></th><th>incident</th><th>decided</th><th>the person on call read</th><th class=\"n\">checks</th></tr></thead><tbody>");
        foreach (var part in parts) part.WriteRow();
        page.Markup("</tbody></table></div></section>");
    }

    private static void Overview(HtmlText page, RunRecord record)
    {
        page.Markup("<section id=\"timeline\"><h2>The run at a glance</h2>");
        Legend(page, record);
        page.Markup("<div class=\"chart\">");
        new Timeline(record, Began(record), record.EndedAt, page).Draw("What was measured, over the whole run", chapters: true, rows: 4);
        page.Markup("</div><p class=\"faint\">Times are minutes and seconds since the run began. Waits that AWS states in minutes are shortened in the lab; timestamps are not.</p></section>");
    }

    /// <summary>When there was something to see: building the account takes its time, and shows nothing.</summary>
    private static DateTimeOffset Began(RunRecord record) => record.Moments.Select(moment => moment.At)
        .Concat(record.Series.SelectMany(series => series.Points.Take(1)).Select(point => point.At))
        .Where(at => at > record.StartedAt).DefaultIfEmpty(record.StartedAt).Min();

    private static void Legend(HtmlText page, RunRecord record)
    {
        page.Markup("<p class=\"legend\">");
        foreach (var (measure, name, style) in Looks.Sessions.Concat(Looks.Logins))
            if (record.Series.Any(series => series.Measure == measure)) page.Add($"<span><i class=\"{style}\"></i>{name}</span>");
        page.Markup("<span><i class=\"bar m-event\"></i>an event came</span><span><i class=\"bar m-action\"></i>an action was taken</span>");
        page.Markup("<span><i class=\"dot acted\"></i>acted</span><span><i class=\"dot held\"></i>observed or refused</span><span><i class=\"dot faint\"></i>nothing to do</span><span><i class=\"dot bad\"></i>failed</span></p>");
    }
}
