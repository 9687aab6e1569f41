using System.Globalization;

namespace Automation.Lab.Report.Charts;

/// <summary>The times without writes, as the lab knows them and as the automation measured them.</summary>
internal sealed class OutagePanel(Canvas canvas)
{
    /// <returns><c>null</c> where there is none.</returns>
    public Panel? Of()
    {
        const int Pitch = 18;
        var shown = canvas.Record.Outages.Where(outage => outage.To >= canvas.Axis.From && outage.From <= canvas.Axis.To).ToList();
        if (shown.Count == 0) return null;
        var rows = shown.Select(outage => (outage.Database, outage.Way)).Distinct().ToList();
        return new Panel((Pitch * rows.Count) + Canvas.PanelGap, y =>
        {
            var top = y + Canvas.PanelGap - 8;
            canvas.Page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">write downtime</text>");
            foreach (var outage in shown)
            {
                var at = top + (rows.IndexOf((outage.Database, outage.Way)) * Pitch);
                var (x, end) = (canvas.Axis.X(outage.From), canvas.Axis.X(outage.To));
                var took = FormattableString.Invariant($"{(outage.To - outage.From).TotalMilliseconds:0} ms");
                var measured = outage.MeasuredMs.Count == 0 ? "" : $", measured {string.Join(" and ", outage.MeasuredMs.Select(ms => ms.ToString(CultureInfo.InvariantCulture)))} ms";
                canvas.Page.Add($"<g class=\"outage\"><title>{outage.Database}, {outage.Way}: {took}{measured}</title><rect x=\"{x:0.#}\" y=\"{at:0}\" width=\"{Math.Max(2, end - x):0.#}\" height=\"13\" rx=\"2\"/>");
                var words = $"{outage.Database}, {outage.Way}: {took}{measured}";
                var isLeft = end + 7 + (words.Length * LabelRows.Character) > Canvas.Right;
                canvas.Page.Add($"<text class=\"{(isLeft ? "label left" : "label")}\" x=\"{(isLeft ? x - 7 : end + 7):0.#}\" y=\"{at + 11:0}\">{words}</text></g>");
            }
        });
    }
}
