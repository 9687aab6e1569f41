using Automation.Lab.Incidents;

namespace Automation.Benchmarks.Snapshots;

/// <summary>Planning the retention of so many databases: times in milliseconds, for all of them together.</summary>
internal sealed record RetentionFigures(int Databases)
{
    public Samples All { get; } = new();

    /// <summary>Of the planner, for one database.</summary>
    public Samples AllocatedKB { get; } = new();

    public double MicrosecondsOfOne => All.Median * 1000 / Databases;
}

/// <summary>From the fewest databases to the most.</summary>
internal sealed record RetentionComparison(IReadOnlyList<RetentionFigures> Sizes)
{
    private const int Databases = 1_000, MostMilliseconds = 200;

    // A planner that grew with the square would show 30 between 100 and 3,000.
    private const double MostGrowth = 1.5;

    public IEnumerable<Check> Aims
    {
        get
        {
            var (few, many) = (Sizes[0], Sizes[^1]);
            var aimed = Sizes.Single(size => size.Databases == Databases).All;
            var growth = many.MicrosecondsOfOne / few.MicrosecondsOfOne;
            yield return new Check(Figures.Text($"{Databases:N0} databases with {RetentionBenchmark.SnapshotsOfOne} snapshots each are planned in under {MostMilliseconds} ms"),
                aimed.Median < MostMilliseconds, Figures.Text($"{aimed.Median:0} ms"));
            yield return new Check("planning grows linearly with the databases",
                growth <= MostGrowth, Figures.Text($"one of {many.Databases:N0} takes {growth:0.00} times as long as one of {few.Databases:N0}"));
        }
    }
}
