using System.Globalization;
using Automation.Outcomes;

namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// A year of a fleet, with lost runs, throttling, 5xx, runs that die, snapshots that fail and hang, people who hold, share, rename
/// and delete. More seeds: <c>SIMULATED_YEARS=200</c>.
/// </summary>
public sealed class SimulatedYearTests
{
    private static readonly int Years = int.Parse(Environment.GetEnvironmentVariable("SIMULATED_YEARS") ?? "2", CultureInfo.InvariantCulture);

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

    [Fact]
    public async Task Observe_SixtyDaysOfTrouble_ChangesNothing()
    {
        var year = new SimulatedYear(new YearOptions { Seed = 1, Days = 60, Mode = Mode.Observe });
        for (var day = 1; day <= 30; day++) year.Rds.Inherit(year.Rds.Find("orders")!, SimulatedYear.Start.AddDays(-day));
        var before = Ids(year);
        await year.LiveAsync();
        Assert.Equal([], year.Watch.Faults);
        Assert.Empty(year.Watch.Changes);
        Assert.Equal(before, Ids(year));
        // There was something to do all along.
        Assert.Equal(["reconciled", "snapshot-due"], year.Observed);
    }

    [Theory]
    [InlineData(nameof(Delivery.Lost))]
    [InlineData(nameof(Delivery.Twice))]
    [InlineData(nameof(Delivery.Reordered))]
    public async Task Events_LostOrTwiceOrInAnotherOrder_EndInTheSame(string delivery)
    {
        var (inOrder, other) = (await SixtyDaysAsync(Delivery.InOrder), await SixtyDaysAsync(Enum.Parse<Delivery>(delivery)));
        // The last slots are half a day back: since then nothing has happened.
        Assert.Equal(Ours(inOrder), Ours(other));
        Assert.True(delivery == nameof(Delivery.Reordered) || inOrder.Runs != other.Runs, "events made no run");
    }

    private static async Task<SimulatedYear> SixtyDaysAsync(Delivery delivery)
    {
        var year = new SimulatedYear(new YearOptions { Seed = 1, Days = 60, Trouble = false, Delivery = delivery, EventsBetweenRuns = true });
        await year.LiveAsync();
        Assert.Equal([], year.Watch.Faults);
        return year;
    }

    private static SortedSet<string> Ids(SimulatedYear year) => [.. year.Rds.All.Where(snapshot => snapshot.Ours).Select(snapshot => snapshot.Arn)];

    private static List<string> Ours(SimulatedYear year) =>
        [.. year.Rds.All.Where(snapshot => snapshot.Ours).Select(snapshot => $"{snapshot.Region} {snapshot.Id} {snapshot.Status} {string.Join('/', snapshot.Accounts.Order())}").Order(StringComparer.Ordinal)];
}
