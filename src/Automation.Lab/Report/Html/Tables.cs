using Automation.Lab.Report.Charts;

namespace Automation.Lab.Report.Html;

/// <summary>What stands behind the story: the functions' figures, every decision, every change, everything that happened.</summary>
internal sealed class Tables(HtmlText page, RunRecord record)
{
    /// <summary>A style class for what was decided.</summary>
    public static string Look(RunDecision decision) => decision.Decision switch
    {
        "acted" => "acted",
        "observed" or "refused" => "held",
        "failed" => "bad",
        _ => "nothing",
    };

    public void Write()
    {
        Functions();
        Changes();
        Log();
        Setup();
    }

    private void Functions()
    {
        page.Markup("<section id=\"functions\"><h2>Functions</h2><div class=\"wide\"><table><thead><tr><th rowspan=\"2\">function</th><th rowspan=\"2\" class=\"n\">invocations</th><th rowspan=\"2\" class=\"n\">failed</th><th rowspan=\"2\" class=\"n\">cold</th><th colspan=\"3\" class=\"group\">init</th><th colspan=\"3\" class=\"group\">run</th><th rowspan=\"2\" class=\"n\">billed</th><th rowspan=\"2\" class=\"n\">memory</th><th rowspan=\"2\" class=\"meter\"></th></tr>");
        page.Markup("<tr><th class=\"n\">min</th><th class=\"n\">median</th><th class=\"n\">max</th><th class=\"n\">min</th><th class=\"n\">median</th><th class=\"n\">max</th></tr></thead><tbody>");
        foreach (var figures in FunctionFigures.Of(record.Invocations))
        {
            page.Add($"<tr><td>{figures.Function}</td><td class=\"n\">{figures.Invocations}</td><td class=\"n\">{figures.Failures}</td><td class=\"n\">{figures.ColdStarts}</td>");
            Cells(figures.Init);
            Cells(figures.Run);
            page.Add($"<td class=\"n\">{Looks.Span(figures.Billed)}</td><td class=\"n\">{(figures.MemoryMB == 0 ? "–" : FormattableString.Invariant($"{figures.MemoryMB} MB"))}</td>");
            var share = figures.MemoryLimitMB == 0 ? 0 : Math.Clamp(figures.MemoryMB * 100d / figures.MemoryLimitMB, 0, 100);
            page.Add($"<td class=\"meter\"><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"room\" width=\"100\" height=\"8\" rx=\"2\"/><rect class=\"used\" width=\"{share:0.#}\" height=\"8\" rx=\"2\"/></svg><small>of {figures.MemoryLimitMB} MB</small></td></tr>");
        }
        page.Markup("</tbody></table></div><p class=\"faint\">Init: from the start of the process until it asks for an event, cold starts only. Memory: the process's peak. Of the machine the lab runs on, not of Lambda.</p></section>");
    }

    private void Cells(Spread? spread)
    {
        if (spread is not { } figures) page.Markup("<td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>");
        else page.Add($"<td class=\"n faint\">{Looks.Span(figures.Lowest)}</td><td class=\"n\"><b>{Looks.Span(figures.Median)}</b></td><td class=\"n faint\">{Looks.Span(figures.Highest)}</td>");
    }

    private void Changes()
    {
        page.Add($"<section id=\"changes\"><h2>Every call that changed something<small>{record.Changes.Count}</small></h2>");
        page.Markup("<div class=\"wide\"><table><thead><tr><th>at</th><th>by</th><th>call</th><th>about</th><th class=\"n\">answer</th></tr></thead><tbody>");
        foreach (var change in record.Changes)
            page.Add($"<tr><td class=\"n\">{Looks.Clock(record, change.At)}</td><td>{change.By}</td><td>{change.Service}:<b>{change.Action}</b></td><td>{change.About}</td><td class=\"n{(change.Succeeded ? "" : " bad")}\">{change.Status}</td></tr>");
        page.Markup("</tbody></table></div></section>");
    }

    private void Setup()
    {
        if (record.Options.Count == 0) return;
        page.Markup("<section id=\"setup\"><h2>What it was made of</h2><table class=\"facts\"><tbody>");
        foreach (var option in record.Options) page.Add($"<tr><th scope=\"row\">{option.Name}</th><td><code>{option.Value}</code></td></tr>");
        page.Markup("</tbody></table></section>");
    }

    private void Log()
    {
        page.Add($"<section id=\"log\"><h2>Everything that happened<small>{record.Moments.Count}</small></h2>");
        page.Markup("<div class=\"wide\"><table><thead><tr><th>at</th><th>what</th><th></th><th></th></tr></thead><tbody>");
        foreach (var moment in record.Moments)
            page.Add($"<tr><td class=\"n\">{Looks.Clock(record, moment.At)}</td><td class=\"kind {Looks.Style(moment.Kind)}\">{Looks.Row(moment.Kind)}</td><td><b>{moment.Label}</b></td><td>{moment.Text}</td></tr>");
        page.Markup("</tbody></table></div></section>");
    }
}
