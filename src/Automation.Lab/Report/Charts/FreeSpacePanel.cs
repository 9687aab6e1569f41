namespace Automation.Lab.Report.Charts;

/// <summary>Free space of each volume below what is allocated of it.</summary>
internal sealed class FreeSpacePanel(Canvas canvas)
{
    private readonly Curves curves = new(canvas);

    public IEnumerable<Panel> All()
    {
        foreach (var database in canvas.Databases(Measure.Free))
        {
            var (free, allocated) = (canvas.Find(database, Measure.Free)!, canvas.Find(database, Measure.Allocated));
            var kept = Thinning.Indices(free.Points, canvas.Axis, Canvas.Columns);
            var highest = kept.Select(n => Math.Max(free.Points[n].Value ?? 0, allocated is null ? 0 : Curves.At(allocated, n)?.Value ?? 0)).DefaultIfEmpty(0).Max();
            if (!canvas.Everything && kept.Select(n => free.Points[n].Value).OfType<double>().ToList() is var moves && (moves.Count == 0 || moves.Max() - moves.Min() < highest / 100)) continue;
            const double Height = 84;
            // In whole gibibytes, so that the lines of the axis are round.
            var inGiB = ValueAxis.Of(highest / (1L << 30));
            var scale = new ValueAxis(inGiB.Top * (1L << 30), inGiB.Step * (1L << 30));
            yield return new Panel(Height + Canvas.PanelGap, y =>
            {
                var plot = y + Canvas.PanelGap - 4;
                curves.Frame(database, "free space", plot, Height, scale, Looks.Gibibytes);
                if (kept.Count == 0) canvas.Page.Add($"<text class=\"none\" x=\"{Canvas.Left + 10}\" y=\"{plot + (Height / 2):0}\">no samples</text>");
                double Y(double value) => plot + (scale.Down(value) * Height);
                canvas.Page.Add($"<path class=\"area s-free\" d=\"{curves.Area(free, kept, new double[kept.Count], Y)}\"/><path class=\"line s-free\" d=\"{curves.Line(free, kept, Y)}\"/>");
                curves.Data(database, "free", free, kept, Looks.Gibibytes);
                if (allocated is null) return;
                var steps = Thinning.Indices(allocated.Points, canvas.Axis, Canvas.Columns);
                canvas.Page.Add($"<path class=\"limit\" d=\"{curves.Line(allocated, steps, Y)}\"/>");
                if (steps.Count > 0 && allocated.Points[steps[^1]].Value is { } last)
                    canvas.Page.Add($"<text class=\"of-limit\" x=\"{Canvas.Right - 4}\" y=\"{Y(last) - 4:0.#}\">{Looks.Gibibytes(last)} allocated</text>");
                curves.Data(database, "allocated", allocated, steps, Looks.Gibibytes);
            });
        }
    }
}
