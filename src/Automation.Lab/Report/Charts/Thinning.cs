namespace Automation.Lab.Report.Charts;

/// <summary>From as many points as there are to as many as can be seen, without losing what stands out. Pure.</summary>
internal static class Thinning
{
    /// <summary>
    /// Which points to draw: of each column the first, the lowest, the highest and the last, and both sides of every gap, so that
    /// the line looks as if all were drawn ("M4: A Visualization-Oriented Time Series Data Aggregation", Jugel and others, 2014).
    /// </summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="axis">What is shown.</param>
    /// <param name="columns">How many columns the drawing has.</param>
    /// <returns>Indices, ascending.</returns>
    public static IReadOnlyList<int> Indices(IReadOnlyList<RunPoint> points, TimeAxis axis, int columns)
    {
        var shown = Enumerable.Range(0, points.Count).Where(n => axis.Holds(points[n].At)).ToList();
        if (shown.Count <= columns * 4) return shown;
        var kept = new SortedSet<int>();
        foreach (var column in shown.GroupBy(n => Column(points[n].At, axis, columns)))
        {
            var indices = column.ToList();
            kept.Add(indices[0]);
            kept.Add(indices[^1]);
            kept.Add(indices.MinBy(n => points[n].Value ?? double.PositiveInfinity));
            kept.Add(indices.MaxBy(n => points[n].Value ?? double.NegativeInfinity));
            // A gap shorter than a column is a gap.
            if (indices.FindIndex(n => points[n].Value is null) is >= 0 and var gap) kept.Add(indices[gap]);
        }
        return [.. kept];
    }

    private static int Column(DateTimeOffset at, TimeAxis axis, int columns) =>
        (int)Math.Min(columns - 1, (axis.X(at) - axis.Left) / (axis.Right - axis.Left) * columns);
}
