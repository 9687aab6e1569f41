namespace Automation.Lab.Report.Charts;

/// <summary>What the report's own client met at each database, as strips of good and bad.</summary>
internal sealed class ProbePanel(Canvas canvas)
{
    private static readonly TimeSpan ProbeSaysFor = TimeSpan.FromSeconds(1);

    public IEnumerable<Panel> All()
    {
        const int Pitch = 14;
        foreach (var probe in canvas.Record.Probes.Where(probe => probe.Attempts.Any(attempt => canvas.Axis.Holds(attempt.At) && (canvas.Everything || !attempt.Wrote))))
        {
            yield return new Panel((Pitch * 2) + Canvas.PanelGap - 6, y =>
            {
                var top = y + Canvas.PanelGap - 10;
                canvas.Page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">{probe.Database}</text>");
                Row("a new login", attempt => attempt.LoggedIn, top);
                Row("a write", attempt => attempt.Wrote, top + Pitch);
            });
            void Row(string name, Func<RunAttempt, bool> good, double top)
            {
                canvas.Page.Add($"<text class=\"operation\" x=\"{Canvas.Left - 10}\" y=\"{top + 10:0}\">{name}</text><g class=\"strip\">");
                foreach (var segment in Strip.Segments(probe.Attempts, good, canvas.Axis, ProbeSaysFor))
                    canvas.Page.Add($"<rect class=\"{(segment.Good ? "good" : "bad")}\" x=\"{segment.From:0.#}\" y=\"{(segment.Good ? top + 3 : top):0.#}\" width=\"{Math.Max(0.3, segment.To - segment.From):0.#}\" height=\"{(segment.Good ? 6 : 12)}\"><title>{name}: {segment.Words ?? "succeeded"}</title></rect>");
                canvas.Page.Markup("</g>");
            }
        }
    }
}
