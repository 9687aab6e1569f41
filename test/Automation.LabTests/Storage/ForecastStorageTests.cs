using System.Text;
using System.Text.Json;
using Automation.Events;
using Automation.Lab.Storage;
using Automation.Outcomes;
using Automation.Storage;

namespace Automation.LabTests.Storage;

/// <summary>What the morning's forecast says of databases of every kind, on real parts.</summary>
[Collection(nameof(StorageFixture))]
public sealed class ForecastStorageTests(StorageFixture fixture, ForecastedFleet fleet, ITestOutputHelper output) : IClassFixture<ForecastedFleet>
{
    // Those that are left out are listed nowhere in it.
    [Fact]
    public void Everything_IsForecastWhatIsOptedInAndNothingElse() => Assert.Equal(
        new[] { fleet.Day.Id, "lasts", "flat", "silent", "reborn", "mistagged", "outgrown", "copies", "spilling", "capped" }.Order(StringComparer.Ordinal),
        fleet.Outcomes.Select(outcome => outcome.Database).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("lasts", nameof(Decision.NothingToDo), Reasons.EnoughTime, "full in 60 days")]
    [InlineData("flat", nameof(Decision.NothingToDo), Reasons.NotGrowing, "does not grow")]
    [InlineData("reborn", nameof(Decision.NothingToDo), Reasons.CannotForecast, "no forecast yet")]
    [InlineData("silent", nameof(Decision.Refused), Reasons.CannotForecast, "There is no reading")]
    [InlineData("mistagged", nameof(Decision.Refused), Reasons.MalformedTag, "needs max=")]
    [InlineData("outgrown", nameof(Decision.Refused), Reasons.AlarmOutgrown, "outgrown-free-storage is raised below 2147483648 bytes")]
    [InlineData("copies", nameof(Decision.Refused), Reasons.CannotGrowFurther, "smallest step is to 429 GiB, and from 400 GiB on RDS copies")]
    [InlineData("spilling", nameof(Decision.Refused), Reasons.LocalStorageLow, "instance spilling-1 has 1.0 GiB of local storage left")]
    [InlineData("capped", nameof(Decision.Refused), Reasons.FillsSoon, "max=550 of the tag) in 5 days")]
    public void Everything_SaysOfEachWhatThereIs(string id, string decision, string reason, string sentence)
    {
        var outcome = fleet.Of(id);

        Assert.Equal((Enum.Parse<Decision>(decision), reason), (outcome.Decision, outcome.Reason));
        Assert.Contains(sentence, outcome.Summary, StringComparison.Ordinal);
        // Who needs nothing is not told of.
        if (outcome.Decision == Decision.Refused) Assert.EndsWith($": {reason}", fleet.ToldOf(id)!.Subject, StringComparison.Ordinal);
        else Assert.Null(fleet.ToldOf(id));
    }

    [Fact]
    public void Everything_LocalStorage_IsToldOfTheMemberThatHasLittleAndOfItsCluster()
    {
        Assert.DoesNotContain("spilling-2", fleet.Of("spilling").Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("spilling-1", fleet.Of("capped").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void FillsSoon_SaysHowLongItLastsAndWhatFillsIt()
    {
        var outcome = fleet.Of(fleet.Day.Id);
        var told = fleet.ToldOf(fleet.Day.Id);

        Assert.NotNull(told);
        output.WriteLine(told.TextFor("email"));
        Assert.Equal((Decision.Refused, Reasons.FillsSoon), (outcome.Decision, outcome.Reason));
        // 8 GiB and 3 a day.
        Assert.InRange(outcome.Details.GetProperty("daysToFull").GetProperty("likely").GetDouble(), 2.4, 2.8);
        Assert.Equal(("data", 100), (outcome.Details.GetProperty("cause").GetString(), outcome.Details.GetProperty("allocatedGiB").GetInt32()));
        var bytes = outcome.Details.GetProperty("bytes");
        Assert.InRange(bytes.GetProperty("relations").GetInt64(), 92 * (1L << 30), 93 * (1L << 30));
        Assert.Equal("warning", told.Attributes["severity"]);
        Assert.Contains("WHAT FILLS IT", told.TextFor("email"), StringComparison.Ordinal);
        Assert.Contains("postgres.public.orders", told.TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public void FillsSoon_DatabaseThatDoesNotAnswer_IsForecastWithoutWhatFillsIt()
    {
        var outcome = fleet.Of("capped");

        Assert.Equal("unknown", outcome.Details.GetProperty("cause").GetString());
        Assert.Equal(JsonValueKind.Null, outcome.Details.GetProperty("bytes").ValueKind);
        Assert.InRange(outcome.Details.GetProperty("daysToCap").GetProperty("likely").GetDouble(), 4.7, 5.1);
    }

    [Fact]
    public void Everything_DaysToFull_IsAMetricOfWhatGrows()
    {
        var days = Lines(fleet.Day).Where(line => line.TryGetProperty("StorageDaysToFull", out _))
            .ToLookup(line => line.GetProperty("Database").GetString()!, line => line.GetProperty("StorageDaysToFull").GetDouble());

        Assert.InRange(days[fleet.Day.Id].First(), 2.4, 2.8);
        Assert.InRange(days["lasts"].First(), 59, 61);
        Assert.Empty(days["flat"].Concat(days["silent"]));
    }

    [Fact]
    public void Everything_AsksOnceForAll()
    {
        int Count(string action) => fleet.Calls.Count(call => call == action);

        // By the hour and by the minute.
        Assert.Equal(2, Count("GetMetricData"));
        Assert.Equal((1, 1), (Count("DescribeEvents"), Count("DescribeAlarms")));
        Assert.Equal((1, 1), (Count("DescribeDBInstances"), Count("DescribeDBClusters")));
        Assert.Equal(0, Count("ModifyDBInstance"));
    }

    [Fact]
    public async Task Found_IsToldOnceADay()
    {
        var silent = new ScheduleRequest.OneDatabase("silent", Mode.Act);
        int Told() => fleet.Day.Told.Count(told => told.Attributes["database"] == "silent");
        Assert.Equal(1, Told());

        var again = await fleet.Day.ForecastAsync(silent, fleet.Clock);
        Assert.Equal((Reasons.CannotForecast, 1), (Assert.Single(again).Reason, Told()));

        fleet.Clock.Advance(TimeSpan.FromMinutes(6));
        await fleet.Day.ForecastAsync(silent, fleet.Clock);
        Assert.Equal(2, Told());
    }

    [Theory]
    [InlineData("untagged", Reasons.NotOptedIn)]
    [InlineData("off", Reasons.Off)]
    [InlineData("capped-2", Reasons.MemberOfCluster)]
    [InlineData("nobody", Reasons.DatabaseNotFound)]
    public async Task ByHand_WhatIsLeftOutOtherwise_IsAnsweredAndNobodyIsTold(string id, string reason)
    {
        var told = fleet.Day.Told.Count;

        var outcome = Assert.Single(await fleet.Day.ForecastAsync(new ScheduleRequest.OneDatabase(id, Mode.Act)));

        Assert.Equal((id, Decision.Refused, reason, told), (outcome.Database, outcome.Decision, outcome.Reason, fleet.Day.Told.Count));
    }

    [Fact]
    public async Task ByHand_Cluster_IsReportedWithItsMembers()
    {
        var outcome = Assert.Single(await fleet.Day.ForecastAsync(new ScheduleRequest.OneDatabase("Spilling", Mode.Act), fleet.Clock));

        Assert.Equal(("spilling", Reasons.LocalStorageLow), (outcome.Database, outcome.Reason));
    }

    [Fact]
    public async Task RdsGrowsItByItself_CountsToTheEndOfThat()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 80, region: ForecastedFleet.Region);
        await day.RememberShortlyAsync(day.Id, freeGiB: 20, gibPerDay: 5, DateTimeOffset.UtcNow);
        var byHand = new ScheduleRequest.OneDatabase(day.Id, Mode.Act);

        day.Volume.Settings = new LabVolumeOptions { AllocatedGiB = 100, MaxAllocatedGiB = 200 };
        var far = Assert.Single(await day.ForecastAsync(byHand));
        day.Volume.Settings = new LabVolumeOptions { AllocatedGiB = 100, MaxAllocatedGiB = 114 };
        var near = Assert.Single(await day.ForecastAsync(byHand));
        // RDS takes no step that reaches the cap: ten more are the least.
        day.Volume.Settings = new LabVolumeOptions { AllocatedGiB = 100, MaxAllocatedGiB = 110 };
        var over = Assert.Single(await day.ForecastAsync(byHand));

        Assert.Equal((Reasons.EnoughTime, 200), (far.Reason, far.Details.GetProperty("capGiB").GetInt32()));
        Assert.InRange(far.Details.GetProperty("daysToCap").GetProperty("likely").GetDouble(), 23.5, 24.1);
        Assert.Equal(Reasons.FillsSoon, near.Reason);
        Assert.Contains("MaxAllocatedStorage of 114 GiB) in 7 days", near.Summary, StringComparison.Ordinal);
        Assert.Equal(Reasons.FillsSoon, over.Reason);
        Assert.Contains("it is full in 4 days", over.Summary, StringComparison.Ordinal);
        Assert.Single(day.Told);
    }

    private static IEnumerable<JsonElement> Lines(StorageDay day) =>
        Encoding.UTF8.GetString(day.Written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line));
}
