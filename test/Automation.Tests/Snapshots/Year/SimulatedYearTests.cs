using System.Globalization;

namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// A year of a fleet, with lost runs, throttling, 5xx, runs that die, snapshots that fail and hang, people who hold, share, rename
/// and delete. More seeds: <c>SIMULATED_YEARS=200</c>.
/// </summary>
public sealed class SimulatedYearTests
{
    private static readonly int Years = int.Parse(Environment.GetEnvironmentVariable("SIMULATED_YEARS") ?? "4", CultureInfo.InvariantCulture);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Years)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Year_OfTrouble_LosesNoSnapshotBecauseOfUs(int seed)
    {
        var year = new SimulatedYear(new YearOptions { Seed = seed });
        await year.LiveAsync();
        // What was expected of the automation was expected often: a year in which nothing could be would show nothing.
        Assert.True(year.Watch.Faults.Count > 0 || year.Judge.Young > year.Judge.Looked / 2, $"{year.Judge.Young} of {year.Judge.Looked}");
        Assert.True(year.Watch.Faults.Count == 0, string.Join('\n', year.Watch.Faults));
    }
}
