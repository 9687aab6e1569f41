using Automation.Telemetry;

namespace Automation.Failover.Page;

/// <summary>The figures behind the drawing.</summary>
internal sealed class Tables(FailoverReport report, HtmlText page)
{
    /// <summary>RDS tells of a handful; a page must stay small whatever it is given.</summary>
    public const int MostEvents = 60;

    private const int Longest = 200;

    /// <summary>From outside, on one line and not too long; the page encodes it.</summary>
    public static string Plain(string text) => Printable.Line(text, Longest);

    public void Lanes()
    {
        page.Markup("<table><thead><tr><th>Way<th>Clients<th class=\"n\">Write downtime<th class=\"n\">Read downtime<th class=\"n\">Interruptions<th>First error<th>Time in failing attempts</tr></thead><tbody>");
        foreach (var lane in report.Lanes)
        {
            var first = lane.FirstFailing is { FirstFailure: { } at } outage ? $"{Plain(outage.FirstError ?? ErrorClasses.Other)} at {Seconds(at - report.Called)}" : "–";
            page.Add($"<tr><td>{Words.Of(lane.Lane.Path)}<td>{Words.Of(lane.Lane.Clients)}<td class=\"n\">{Figure(lane.Writes)}<td class=\"n\">{Figure(lane.Reads)}<td class=\"n\">{Math.Max(lane.Reads.Interruptions, lane.Writes?.Interruptions ?? 0)}<td>{first}<td>");
            var errors = (lane.Writes ?? lane.Reads).ByError.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal);
            foreach (var (error, spent) in errors) page.Add($"<span class=\"chip\"><i class=\"{ErrorLooks.Style(error)}\"></i>{Plain(error)} {Words.Span(spent)}</span>");
            page.Markup("</tr>");
        }
        foreach (var (lane, error) in report.Silent)
            page.Add($"<tr class=\"faint\"><td>{Words.Of(lane.Path)}<td>{Words.Of(lane.Clients)}<td colspan=\"5\">not measured: {Plain(error)}</tr>");
        page.Markup("</tbody></table>");
        page.Add($"<p class=\"faint\">From the end of the last good answer to the end of the first good one; each figure may be off by {Words.Span(report.Resolution)}.</p>");
    }

    public void Writes()
    {
        if (report.Writes is not { } writes)
        {
            page.Markup("<p>The rows could not be read back: nothing is known of lost writes.</p>");
            return;
        }
        page.Markup("<table class=\"narrow\"><tbody>");
        Count("acknowledged to clients", writes.Acknowledged);
        Count("of these lost", writes.Lost, writes.Lost > 0);
        Count("without a reliable answer, and there", writes.UnknownPresent);
        Count("without a reliable answer, and not there", writes.UnknownAbsent);
        Count("there more than once", writes.Duplicated, writes.Duplicated > 0);
        Count("there and should not be", writes.Unexpected, writes.Unexpected > 0);
        page.Markup("</tbody></table>");
        if (writes.Lost > 0) page.Add($"<p>The first of the lost: {Plain(string.Join("; ", writes.FirstLost))}</p>");
    }

    public void Timeline(LaneChart chart)
    {
        page.Markup("<table><thead><tr><th class=\"n\">#<th class=\"n\">After the call<th>Event</tr></thead><tbody>");
        foreach (var (line, number) in report.Timeline.Take(MostEvents).Select((line, i) => (line, i + 1)))
        {
            page.Add($"<tr><td class=\"n\"><b class=\"{(chart.Shows(line) ? line.IsAnnotation ? "number told" : "number" : "number outside")}\">{number}</b><td class=\"n\">{Seconds(line.At)}<td>{Plain(line.Event)}");
            if (line.IsAnnotation) page.Markup(" <span class=\"tag\">RDS, by its own clock</span>");
            page.Markup("</tr>");
        }
        page.Markup("</tbody></table>");
        if (report.Timeline.Count > MostEvents) page.Add($"<p class=\"faint\">{report.Timeline.Count - MostEvents} more are in the JSON.</p>");
    }

    public void Checks()
    {
        page.Markup("<table><tbody>");
        foreach (var check in report.Checks.OrderBy(check => check.Holds))
            page.Add($"<tr><td class=\"{(check.Holds ? "good" : "bad")}\">{(check.Holds ? "✓" : "✗")}<td><code>{check.Reason}</code><td>{Plain(check.Seen)}</tr>");
        page.Markup("</tbody></table>");
    }

    public void Baseline()
    {
        page.Markup("<table><thead><tr><th>Way<th>Clients<th class=\"n\">Attempts<th class=\"n\">Failed<th class=\"n\">Median<th class=\"n\">99 %<th class=\"n\">Longest gap<th class=\"n\">Interval</tr></thead><tbody>");
        foreach (var (lane, noise) in report.Lanes.Select(lane => (lane.Lane, lane.Noise)))
            page.Add($"<tr><td>{Words.Of(lane.Path)}<td>{Words.Of(lane.Clients)}<td class=\"n\">{noise.Attempts}<td class=\"n\">{noise.Failures}<td class=\"n\">{Words.Span(noise.Median)}<td class=\"n\">{Words.Span(noise.Percentile99)}<td class=\"n\">{Words.Span(noise.LongestGap)}<td class=\"n\">{Words.Span(noise.Interval)}</tr>");
        page.Markup("</tbody></table>");
    }

    private void Count(string what, int number, bool bad = false) =>
        page.Add($"<tr><td class=\"n {(bad ? "bad" : "")}\">{number}<td>{what}</tr>");

    private static string Figure(Outage? outage) => outage switch
    {
        null => "–",
        { FirstFailure: null } => "none",
        { Recovered: false } => $"> {Words.Span(outage.Down)}",
        _ => Words.Span(outage.Down),
    };

    private static string Seconds(TimeSpan span) => FormattableString.Invariant($"{span.TotalSeconds:+0.00;−0.00;0.00} s");
}
