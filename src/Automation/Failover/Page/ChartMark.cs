namespace Automation.Failover.Page;

/// <summary>A vertical mark of the chart, for one event or for some that happened almost together.</summary>
/// <param name="X">Where, in units of the drawing.</param>
/// <param name="First">Number of its first event in the timeline.</param>
/// <param name="Last">Number of its last.</param>
/// <param name="Lines">The events.</param>
/// <param name="Level">How far up its label stands: labels of one level do not overlap.</param>
internal sealed record ChartMark(double X, int First, int Last, IReadOnlyList<TimelineEvent> Lines, int Level)
{
    public string Label => First == Last ? FormattableString.Invariant($"{First}") : FormattableString.Invariant($"{First}–{Last}");

    public double Width => Math.Max(17, 7 + Label.Length * 6);

    /// <summary>Classes of <see cref="PageStyle"/>: the call stands out, and what only RDS tells stands back.</summary>
    public string Look => Lines.Any(line => line is { At.Ticks: 0, IsAnnotation: false }) ? "mark call"
        : Lines.All(line => line.IsAnnotation) ? "mark told" : "mark";
}
