using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Screen;
using Automation.Snapshots;

namespace Automation.Benchmarks.Snapshots;

/// <summary>The planner alone, in this process: no AWS, no JSON, no notification.</summary>
internal static class RetentionBenchmark
{
    public const int SnapshotsOfOne = 100;

    private const int Rounds = 15, MaxDeletions = 20;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 10, 0, TimeSpan.Zero);

    public static Task<RetentionComparison> RunAsync(IStory story, CancellationToken cancellation) => story.StepAsync(
        "planning for 100, 300, 1,000 and 3,000 databases in turns", () => Task.Run(() => Run(cancellation), cancellation), _ => $"{Rounds} rounds");

    private static RetentionComparison Run(CancellationToken cancellation)
    {
        int[] sizes = [100, 300, 1_000, 3_000];
        var fleet = Enumerable.Range(0, sizes[^1]).Select(Database).ToList();

        RetentionComparison Round(RetentionComparison figures)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var size in figures.Sizes) Plan(fleet, size);
            return figures;
        }

        // The first rounds are the JIT's.
        for (var i = 0; i < 3; i++) Round(new RetentionComparison([.. sizes.Select(size => new RetentionFigures(size))]));
        var figures = new RetentionComparison([.. sizes.Select(size => new RetentionFigures(size))]);
        for (var i = 0; i < Rounds; i++) Round(figures);
        return figures;
    }

    private static void Plan(List<List<RetentionItem>> fleet, RetentionFigures figures)
    {
        var (allocated, start, lines) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp(), 0);
        for (var i = 0; i < figures.Databases; i++) lines += RetentionRules.Plan(fleet[i], new RetentionPolicy(), Now, MaxDeletions).Lines.Count;
        figures.All.Add(Stopwatch.GetElapsedTime(start));
        figures.AllocatedKB.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024.0 / figures.Databases);
        if (lines != figures.Databases * SnapshotsOfOne) throw new InvalidOperationException("The planner did not give every snapshot a line.");
    }

    /// <summary>Half of them every six hours, the others every day, as RDS lists them (in no order), with a failed and a held one.</summary>
    private static List<RetentionItem> Database(int number)
    {
        var items = Enumerable.Range(0, SnapshotsOfOne).Select(i =>
        {
            var slot = Now.AddMinutes(-70).AddHours(i < SnapshotsOfOne / 2 ? -6 * i : -24 * (i - SnapshotsOfOne / 3));
            return new RetentionItem
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"auto-database-{number}-{slot:yyyyMMdd-HHmm}-{i}"),
                Status = i == 3 ? "failed" : "available",
                IsOurs = true,
                Slot = slot,
                CreatedAt = slot.AddMinutes(4),
                Held = i == 70,
            };
        }).ToArray();
        new Random(number).Shuffle(items);
        return [.. items];
    }
}
