using Automation.Lab.Report.Charts;

namespace Automation.Lab.Report.Html;

/// <summary>
/// One chapter of the run: what happened, what the automation saw, what it decided and why, what the person on call received, and
/// the proof.
/// </summary>
internal sealed class Part(HtmlText page, RunRecord record, int index)
{
    private const int MostSubjects = 4;

    private readonly RunChapter chapter = record.Chapters[index];

    private List<RunCheck> Checks => [.. chapter.Told.OfType<RunCheck>()];

    private List<RunDecision> Decisions => [.. record.Decisions.Where(decision => IsHere(decision.At))];

    private List<RunMessage> Messages => [.. record.Messages.Where(message => IsHere(message.At))];

    private string Title => $"{chapter.When}{(chapter.When.Length > 0 ? ": " : "")}{chapter.Title}";

    /// <summary>Whether anything came of it.</summary>
    public bool IsIncident => Checks.Count > 0 || Decisions.Count > 0;

    /// <summary>It in a row of a table.</summary>
    public void WriteRow()
    {
        var checks = Checks;
        var look = checks.All(check => check.Holds) ? "holds" : "fails";
        page.Add($"<tr class=\"{look}\"><td><span class=\"number\">{index + 1}</span></td><td><a href=\"#part-{index + 1}\">{Title}</a></td><td>");
        foreach (var one in Decisions.Where(decision => decision.Decision != "nothing-to-do").GroupBy(decision => (Tables.Look(decision), decision.Decision, decision.Reason)))
            page.Add($"<span class=\"chip {one.Key.Item1}\"><span class=\"badge\">{one.Key.Decision}</span> {one.Key.Reason}{(one.Count() > 1 ? FormattableString.Invariant($" ×{one.Count()}") : "")}</span>");
        page.Markup("</td><td>");
        foreach (var subject in Messages.Select(message => message.Subject).Distinct().Take(MostSubjects)) page.Add($"<div>{subject}</div>");
        page.Add($"</td><td class=\"n\"><b>{checks.Count(check => check.Holds)}</b> of {checks.Count} <span class=\"sign\">{(look == "holds" ? "✓" : "✗")}</span></td></tr>");
    }

    public void Write()
    {
        var checks = Checks;
        var verdict = checks.Count == 0 ? "" : checks.All(check => check.Holds) ? "passed" : "failed";
        page.Add($"<section class=\"{(IsIncident ? "part incident" : "part")}\" id=\"part-{index + 1}\"><h2><span class=\"number\">{index + 1}</span>{Title}<small class=\"{verdict}\">{Looks.Clock(record, chapter.At)}, {Looks.Span(chapter.To - chapter.At)}");
        if (checks.Count > 0) page.Add($" · {checks.Count(check => check.Holds)} of {checks.Count} checks hold");
        page.Markup("</small></h2>");
        if (chapter.About.Length > 0) page.Add($"<p class=\"about\">{chapter.About}</p>");
        Chart();
        page.Markup("<div class=\"columns\"><div>");
        Happened();
        Saw();
        Decided();
        page.Markup("</div><div>");
        Received();
        Proof(checks);
        page.Markup("</div></div></section>");
    }

    private bool IsHere(DateTimeOffset at) => at >= chapter.At && (at < chapter.To || (index == record.Chapters.Count - 1 && at <= chapter.To));

    private void Chart()
    {
        if (!record.Moments.Any(moment => moment.Kind != MomentKind.Check && IsHere(moment.At))) return;
        page.Markup("<div class=\"chart\">");
        new Timeline(record, chapter.At, chapter.To, page).Draw($"What was measured: {chapter.Title}", chapters: false, rows: 5);
        page.Markup("</div>");
    }

    private void Happened() => Story("What happened", Phase.Happened);

    /// <summary>What was told of one step, checks aside: they are the proof, whenever they were made.</summary>
    private void Story(string title, Phase phase)
    {
        var told = chapter.Told.Where(one => one.Phase == phase && one is not RunCheck).ToList();
        if (told.Count == 0) return;
        if (title.Length > 0) page.Add($"<h3>{title}</h3>");
        page.Markup("<ol class=\"story\">");
        foreach (var one in told)
        {
            page.Add($"<li><time>{Looks.Clock(record, one.At)}</time><div>");
            Tell(one);
            page.Markup("</div></li>");
        }
        page.Markup("</ol>");
    }

    private void Tell(RunTold one)
    {
        switch (one)
        {
            case RunLine line:
                page.Add($"{line.Text}");
                break;
            case RunStep step:
                page.Add($"{step.Title} <span class=\"faint\">({Looks.Span(step.Took)})</span><p class=\"result\">{step.Result}</p>");
                break;
            case RunTable table:
                Table(table);
                break;
            case RunSighting sighting:
                page.Add($"<b>{sighting.Trigger}</b> {sighting.Source}<table class=\"facts\"><tbody>");
                foreach (var fact in sighting.Facts) page.Add($"<tr><th scope=\"row\">{fact.Name}</th><td>{fact.Value}</td></tr>");
                page.Markup("</tbody></table>");
                break;
            default:
                throw new InvalidOperationException($"{one.GetType().Name} cannot be shown");
        }
    }

    private void Table(RunTable table)
    {
        page.Add($"<div class=\"wide\"><table class=\"rows\"><caption>{table.Title}</caption><thead><tr>");
        foreach (var column in table.Columns) page.Add($"<th>{column}</th>");
        page.Markup("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            page.Markup("<tr>");
            foreach (var cell in row) page.Add($"<td>{cell}</td>");
            page.Markup("</tr>");
        }
        page.Markup("</tbody></table></div>");
    }

    private void Saw()
    {
        var events = record.Moments.Where(moment => moment.Kind == MomentKind.Event && moment.Weight != Weight.Faint && IsHere(moment.At)).ToList();
        var told = chapter.Told.Any(one => one.Phase == Phase.Saw && one is not RunCheck);
        if (events.Count == 0 && !told) return;
        page.Markup("<h3>What the automation saw</h3>");
        Story("", Phase.Saw);
        if (events.Count == 0) return;
        page.Markup("<ol class=\"story\">");
        foreach (var seen in events)
            page.Add($"<li><time>{Looks.Clock(record, seen.At)}</time><div><b>{seen.Label}</b> {seen.Text}</div></li>");
        page.Markup("</ol>");
    }

    private void Decided()
    {
        var decisions = Decisions;
        var told = chapter.Told.Any(one => one.Phase == Phase.Decided && one is not RunCheck);
        if (decisions.Count == 0 && !told) return;
        page.Markup("<h3>What it decided, and why</h3>");
        Story("", Phase.Decided);
        foreach (var decision in decisions)
        {
            page.Add($"<article class=\"decision {Tables.Look(decision)}\"><h4><span class=\"badge\">{decision.Decision}</span> <code>{decision.Reason}</code> <span class=\"faint\">{Looks.Clock(record, decision.At)} · {decision.Function} · {decision.Database}{(decision.Mode.Length > 0 ? " · mode " : "")}{decision.Mode}</span></h4>");
            page.Add($"<p>{decision.Summary}</p>");
            FactsTable.Write(page, decision.Facts);
            page.Markup("</article>");
        }
    }

    private void Received()
    {
        var messages = Messages;
        var told = chapter.Told.Any(one => one.Phase == Phase.Received && one is not RunCheck);
        if (messages.Count == 0 && !told) return;
        page.Markup("<h3>What the person on call received</h3>");
        Story("", Phase.Received);
        foreach (var message in messages)
        {
            page.Add($"<article class=\"message\"><h4>{message.Subject}</h4><p class=\"faint\">{Looks.Clock(record, message.At)} · to {message.Topic}{(message.Severity.Length > 0 ? " · " : "")}{message.Severity}</p>");
            page.Markup("<pre>");
            page.Lines(message.Text);
            page.Markup("</pre></article>");
        }
    }

    private void Proof(List<RunCheck> checks)
    {
        var told = chapter.Told.Any(one => one.Phase == Phase.Proof && one is not RunCheck);
        if (checks.Count == 0 && !told) return;
        page.Markup("<h3>Proof</h3>");
        Story("", Phase.Proof);
        page.Markup("<ul class=\"checks\">");
        foreach (var check in checks)
            page.Add($"<li class=\"{(check.Holds ? "holds" : "fails")}\"><span class=\"sign\">{(check.Holds ? "✓" : "✗")}</span><div>{check.Claim}<p class=\"faint\">{check.Seen}</p></div></li>");
        page.Markup("</ul>");
    }
}
