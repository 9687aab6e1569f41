namespace Automation.Failover.Page;

/// <summary>The part of a test that the chart shows: the outage and what is around it. Pure.</summary>
/// <param name="From">On the scale of the lanes' times.</param>
/// <param name="To">Later than <paramref name="From"/>.</param>
internal readonly record struct ChartWindow(TimeSpan From, TimeSpan To)
{
    private static readonly TimeSpan LeastMargin = TimeSpan.FromSeconds(2), MostMargin = TimeSpan.FromSeconds(15);

    public TimeSpan Length => To - From;

    public static ChartWindow Of(FailoverReport report)
    {
        var outages = report.Lanes.SelectMany(lane => new[] { lane.Reads, lane.Writes }).OfType<Outage>().Where(outage => outage.From is not null).ToList();
        var (first, last) = outages.Count == 0
            ? (report.Called, report.Ended)
            : (Earlier(report.Called, outages.Min(outage => outage.From!.Value)), outages.Max(outage => outage.To ?? report.Ended));
        var margin = TimeSpan.FromTicks(Math.Clamp((last - first).Ticks / 7, LeastMargin.Ticks, MostMargin.Ticks));
        var (from, to) = (first - margin, Earlier(last + margin, report.Ended));
        if (from < TimeSpan.Zero) from = TimeSpan.Zero;
        return new ChartWindow(from, to > from ? to : from + TimeSpan.FromSeconds(1));
    }

    /// <summary>Where a time lies: 0 at the beginning, 1 at the end.</summary>
    public double Share(TimeSpan at) => (at - From) / Length;

    /// <summary>At most ten round times between two lines of the axis.</summary>
    public TimeSpan Step
    {
        get
        {
            var length = Length;
            int[] round = [1, 2, 5, 10, 15, 30, 60, 120];
            return TimeSpan.FromSeconds(round.FirstOrDefault(seconds => length.TotalSeconds / seconds <= 10, 300));
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
