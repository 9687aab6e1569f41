using System.Globalization;

namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// A year of a fleet, with lost runs, throttling, 5xx, runs that die, snapshots that fail and hang, people who hold, share, rename
/// and delete. More seeds: <c>SIMULATED_YEARS=200</c>.
/// </summary>
public sealed class SimulatedYearTests
{
    private static readonly int Years = int.Parse(Environment.GetEnvironmentVariable("SIMULATED_YEARS") ?? "10", CultureInfo.InvariantCulture);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Years)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Year_OfTrouble_LosesNoSnapshotBecauseOfUs(int seed)
    {
        var year = new SimulatedYear(new YearOptions { Seed = seed });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await year.LiveAsync();
        Console.WriteLine($"seed {seed}: {watch.Elapsed} spent {year.Spent} runs {year.Runs} looked {year.Judge.Looked} young {year.Judge.Young} bounded {year.Judge.Bounded} copied {year.Judge.Copied} told {year.Watch.Announcements} {string.Join(", ", year.Watch.Changes.Select(c => $"{c.Key} {c.Value}"))}");
        Assert.True(year.Watch.Faults.Count == 0, string.Join('\n', year.Watch.Faults));
    }
}
