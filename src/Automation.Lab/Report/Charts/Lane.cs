namespace Automation.Lab.Report.Charts;

/// <summary>The moments of one kind, in rows of marks with their labels.</summary>
internal sealed class Lane(Canvas canvas)
{
    private const int RowHeight = 17, LaneGap = 7;

    /// <returns><c>null</c> where there is none.</returns>
    public Panel? Of(MomentKind kind, int rows)
    {
        var marks = LabelRows.Place(canvas.Record.Moments.Where(moment => moment.Kind == kind), canvas.Axis, rows, 46, quiet: canvas.Everything);
        if (marks.Count == 0) return null;
        var height = ((marks.Max(mark => mark.Row) + 1) * RowHeight) + LaneGap;
        return new Panel(height, top =>
        {
            canvas.Page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 12:0}\">{Looks.Row(kind)}</text><path class=\"rule\" d=\"M0 {top + height - (LaneGap / 2.0):0.#}H{Canvas.Right}\"/>");
            foreach (var mark in marks) Mark(mark, top + (mark.Row * RowHeight) + 8);
        });
    }

    private void Mark(MomentMark mark, double y)
    {
        var (x, first) = (mark.X, mark.Moments[0]);
        canvas.Page.Add($"<g class=\"moment {Looks.Style(first.Kind)}{Looks.Style(first.Weight)}\">");
        canvas.Page.Add($"<title>{string.Join(" | ", mark.Moments.Select(moment => $"{Looks.Clock(canvas.Record, moment.At)} {moment.Label}{(moment.Text.Length > 0 ? ": " : "")}{moment.Text}"))}</title>");
        switch (first.Kind)
        {
            case MomentKind.Event:
                canvas.Page.Add($"<path d=\"M{x - 5:0.#} {y - 5:0.#}h10l-5 10z\"/>");
                break;
            case MomentKind.Function:
                canvas.Page.Add($"<rect x=\"{x:0.#}\" y=\"{y - 5:0.#}\" width=\"{Math.Max(3, mark.End - x):0.#}\" height=\"10\" rx=\"2\"/>");
                break;
            case MomentKind.Decision:
                canvas.Page.Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4.5\"/>");
                break;
            case MomentKind.Action:
                canvas.Page.Add($"<path d=\"M{x:0.#} {y - 6:0.#}l6 6l-6 6l-6 -6z\"/>");
                break;
            case MomentKind.Message:
                canvas.Page.Add($"<path d=\"M{x - 6:0.#} {y - 4.5:0.#}h12v9h-12z\"/><path class=\"fold\" d=\"M{x - 6:0.#} {y - 4.5:0.#}l6 5l6 -5\"/>");
                break;
            case MomentKind.Check:
                canvas.Page.Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"2.5\"/>");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mark), first.Kind, "no such kind");
        }
        if (mark.Label.Length > 0)
            canvas.Page.Add($"<text class=\"{(mark.IsLeft ? "label left" : "label")}\" x=\"{(mark.IsLeft ? x - 9 : mark.End + 9):0.#}\" y=\"{y + 4:0.#}\">{mark.Label}</text>");
        canvas.Page.Markup("</g>");
    }
}
