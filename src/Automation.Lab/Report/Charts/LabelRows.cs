namespace Automation.Lab.Report.Charts;

/// <summary>A mark of the timeline: a moment, or several of the same words close together.</summary>
/// <param name="X">Where it begins.</param>
/// <param name="End">Where it ends: what has no duration ends where it begins.</param>
/// <param name="Moments">At least one, oldest first.</param>
/// <param name="Label">What to write beside it; empty where there is no room.</param>
/// <param name="Row">In which row of its lane.</param>
/// <param name="IsLeft">Whether the label stands to the left.</param>
internal sealed record MomentMark(double X, double End, IReadOnlyList<RunMoment> Moments, string Label, int Row, bool IsLeft);

/// <summary>Puts marks and their labels into rows so that no label lies on another. Pure.</summary>
internal static class LabelRows
{
    /// <summary>About as wide as a character of the timeline is; a little more, so that no two labels touch.</summary>
    public const double Character = 6.2;

    private const double Together = 9, Glyph = 9, Gap = 7;

    /// <summary>Lays out the moments of one lane.</summary>
    /// <param name="moments">Oldest first.</param>
    /// <param name="axis">What is shown; what is outside is left out.</param>
    /// <param name="rows">How many rows of labels there may be: what finds no room stands below them, without its label.</param>
    /// <param name="longest">Longer labels are cut to so many characters.</param>
    /// <param name="quiet">Whether what nothing came of gets no label.</param>
    public static IReadOnlyList<MomentMark> Place(IEnumerable<RunMoment> moments, TimeAxis axis, int rows, int longest, bool quiet = false)
    {
        var marks = new List<MomentMark>();
        var ends = new double[rows];
        Array.Fill(ends, double.NegativeInfinity);
        foreach (var group in Groups(moments.Where(moment => axis.Holds(moment.At)), axis))
        {
            var x = axis.X(group[0].At);
            var end = End(group, axis);
            var label = Cut(group[0].Label, longest) + (group.Count > 1 ? FormattableString.Invariant($" ×{group.Count}") : "");
            var width = Glyph + (label.Length * Character) + Gap;
            // A label that would leave the drawing stands to the left of its mark.
            var isLeft = end + width > axis.Right;
            var (start, stop) = isLeft ? (x - width, end + Glyph) : (x - Glyph, end + width);
            var row = quiet && group[0].Weight == Weight.Faint ? -1 : Array.FindIndex(ends, taken => taken <= start);
            if (row >= 0) ends[row] = stop;
            marks.Add(new MomentMark(x, end, group, row >= 0 ? label : "", row >= 0 ? row : rows, isLeft));
        }
        // Without a label a mark needs no row of its own: all of them stand in the one below those that are taken.
        var below = marks.Where(mark => mark.Row < rows).Select(mark => mark.Row + 1).DefaultIfEmpty(0).Max();
        return [.. marks.Select(mark => mark.Row < rows ? mark : mark with { Row = below })];
    }

    private static double End(List<RunMoment> moments, TimeAxis axis) => Math.Max(axis.X(moments[0].At), moments.Max(moment => axis.X(moment.At + moment.Took)));

    private static List<List<RunMoment>> Groups(IEnumerable<RunMoment> moments, TimeAxis axis)
    {
        var groups = new List<List<RunMoment>>();
        var open = new Dictionary<(string, Weight), List<RunMoment>>();
        foreach (var moment in moments)
        {
            var key = (moment.Label, moment.Weight);
            if (open.TryGetValue(key, out var group) && axis.X(moment.At) - axis.X(group[^1].At) < Together) group.Add(moment);
            else groups.Add(open[key] = [moment]);
        }
        return groups;
    }

    private static string Cut(string label, int longest) => label.Length <= longest ? label : label[..(longest - 1)] + "…";
}
