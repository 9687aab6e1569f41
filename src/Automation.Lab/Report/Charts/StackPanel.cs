namespace Automation.Lab.Report.Charts;

/// <summary>Sessions, or logins a second, of one database: one kind on top of the other.</summary>
internal sealed class StackPanel(Canvas canvas)
{
    // Fewer than these are not worth a change of scale, a tall chart, a chart in a part.
    private const double Least = 10, Busy = 20, Stir = 4;

    private readonly Curves curves = new(canvas);

    /// <returns><c>null</c> where too little moves.</returns>
    public Panel? Of(string database, string unit, IReadOnlyList<(Measure Measure, string Name, string Style)> layers, RunSeries? limit)
    {
        var found = layers.Select(layer => (layer.Name, layer.Style, Series: canvas.Find(database, layer.Measure))).Where(layer => layer.Series is not null).ToList();
        var kept = found.SelectMany(layer => Thinning.Indices(layer.Series!.Points, canvas.Axis, Canvas.Columns)).Distinct().Order().ToList();
        var sums = kept.Select(n => found.Sum(layer => Curves.At(layer.Series!, n)?.Value ?? 0)).ToList();
        var (lowest, highest) = (sums.DefaultIfEmpty(0).Min(), sums.DefaultIfEmpty(0).Max());
        if (!canvas.Everything && highest - lowest < Stir) return null;
        var top = limit?.Points.Max(point => point.Value) is { } most && highest > most / 3 ? Math.Max(highest, most) : Math.Max(highest, Least);
        // A database where little happens takes little room.
        double height = highest > Busy ? 96 : 40;
        var scale = ValueAxis.Of(top, height > 80 ? 4 : 1);
        static string Write(double value) => FormattableString.Invariant($"{value:0.#}");
        return new Panel(height + Canvas.PanelGap, y =>
        {
            var plot = y + Canvas.PanelGap - 4;
            curves.Frame(database, unit, plot, height, scale, Write);
            if (kept.Count == 0) canvas.Page.Add($"<text class=\"none\" x=\"{Canvas.Left + 10}\" y=\"{plot + (height / 2):0}\">no samples</text>");
            var below = new double[kept.Count];
            foreach (var (layer, style, series) in found)
            {
                canvas.Page.Add($"<path class=\"area {style}\" d=\"{curves.Area(series!, kept, below, value => plot + (scale.Down(value) * height))}\"/>");
                curves.Data(database, layer, series!, kept, Write);
            }
            if (limit?.Points is [.., { Value: { } slots }] && slots <= scale.Top)
                canvas.Page.Add($"<path class=\"limit\" d=\"M{Canvas.Left} {plot + (scale.Down(slots) * height):0.#}H{Canvas.Right}\"/><text class=\"of-limit\" x=\"{Canvas.Right - 4}\" y=\"{plot + (scale.Down(slots) * height) - 4:0.#}\">{Write(slots)} slots</text>");
        });
    }
}
