using Amazon.CloudWatch;
using Automation.Events;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Outcomes;
using Automation.Tests;

namespace Automation.LabTests.Storage;

/// <summary>
/// A Region with one database on a real server that fills, others that only RDS and CloudWatch know, and what one run over all of
/// them found, late in the evening.
/// </summary>
public sealed class ForecastedFleet(StorageFixture fixture) : IAsyncLifetime
{
    /// <summary>No other test has databases here: a run over everything lists these.</summary>
    internal const string Region = "af-south-1";

    private static readonly DateTimeOffset Evening = new(DateTime.UtcNow.Date.AddMinutes(-5), TimeSpan.Zero);

    private StorageDay? day;

    internal StorageDay Day => day ?? throw new InvalidOperationException("The fixture has not been started.");

    /// <summary>Five minutes before midnight, until a test moves it.</summary>
    internal FakeTime Clock { get; } = new(Evening);

    internal IReadOnlyList<Outcome> Outcomes { get; private set; } = [];

    /// <summary>What people heard of that run.</summary>
    internal IReadOnlyList<Notification> Told { get; private set; } = [];

    /// <summary>The AWS calls of that run, by name.</summary>
    internal IReadOnlyList<string> Calls { get; private set; } = [];

    internal Outcome Of(string id) => Assert.Single(Outcomes, outcome => outcome.Database == id);

    internal Notification? ToldOf(string id) => Told.SingleOrDefault(told => told.Attributes["database"] == id);

    public async ValueTask InitializeAsync()
    {
        day = await StorageDay.StartAsync(fixture, usedGiB: 92, region: Region);
        await day.RememberShortlyAsync(day.Id, freeGiB: 8, gibPerDay: 3, Evening);
        await InstanceAsync("lasts", "act max=500", freeGiB: 60, gibPerDay: 1);
        await InstanceAsync("flat", "observe", freeGiB: 50);
        await InstanceAsync("silent", "observe");
        // Restored under its name this morning; CloudWatch has the days of the one that was dropped.
        await InstanceAsync("reborn", "observe", freeGiB: 60, gibPerDay: 9, createdAt: Evening.AddHours(-12));
        await InstanceAsync("untagged", null);
        await InstanceAsync("off", "off");
        await InstanceAsync("mistagged", "act");
        await InstanceAsync("outgrown", "observe", freeGiB: 60);
        await InstanceAsync("copies", "act max=1000", freeGiB: 20, gibPerDay: 1, allocatedGiB: 390);
        await ClusterAsync("spilling", "observe", usedGiB: 500, gibPerDay: 0);
        await LocalAsync("spilling-1", freeGiB: 1);
        await LocalAsync("spilling-2", freeGiB: 20);
        await ClusterAsync("capped", "observe max=550", usedGiB: 500, gibPerDay: 10);
        await day.Account.Application.CloudWatch.PutMetricAlarmAsync(new()
        {
            AlarmName = "outgrown-free-storage",
            Namespace = "AWS/RDS",
            MetricName = "FreeStorageSpace",
            Dimensions = [new() { Name = "DBInstanceIdentifier", Value = "outgrown" }],
            Statistic = Statistic.Average,
            Period = 60,
            EvaluationPeriods = 1,
            ComparisonOperator = ComparisonOperator.LessThanThreshold,
            Threshold = 2 * StorageDay.GiB,
            TreatMissingData = "missing",
        }, TestContext.Current.CancellationToken);

        var before = day.Aws.Endpoint.Calls.Entries.Count;
        Outcomes = await day.ForecastAsync(new ScheduleRequest.Everything("evening"), Clock);
        (Told, Calls) = (day.Told, [.. day.Aws.Endpoint.Calls.Entries.Skip(before).Select(call => call.Action)]);
    }

    public async ValueTask DisposeAsync()
    {
        if (day is not null) await day.DisposeAsync();
    }

    private static DatabaseEndpoint Nowhere() => new("127.0.0.1", FreePort.Next());

    private static LabDatabase Instance(string id, string? tag, int allocatedGiB = 100, DateTimeOffset? createdAt = null) => new()
    {
        Id = id,
        Endpoint = Nowhere(),
        EngineVersion = "17.5",
        AllocatedStorageGiB = allocatedGiB,
        CreatedAt = createdAt ?? Evening.AddDays(-60),
        Tags = tag is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["automation:storage"] = tag },
    };

    private async Task InstanceAsync(string id, string? tag, double? freeGiB = null, double gibPerDay = 0, int allocatedGiB = 100, DateTimeOffset? createdAt = null)
    {
        await Day.Aws.RegisterAsync(Instance(id, tag, allocatedGiB, createdAt), TestContext.Current.CancellationToken);
        if (freeGiB is { } free) await Day.RememberShortlyAsync(id, free, gibPerDay, Evening);
    }

    /// <summary>The second member has the cluster's tag too, as tools put tags on everything.</summary>
    private async Task ClusterAsync(string id, string tag, double usedGiB, double gibPerDay)
    {
        await Day.Aws.RegisterAsync(new LabCluster
        {
            Id = id,
            Endpoint = Nowhere(),
            ReaderEndpoint = Nowhere(),
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string> { ["automation:storage"] = tag },
            CreatedAt = Evening.AddDays(-60),
            Members = [Instance($"{id}-1", null), Instance($"{id}-2", tag)],
        }, TestContext.Current.CancellationToken);
        await Day.Aws.History.PutAsync(SampledMetric.Set(("DBClusterIdentifier", id)), "VolumeBytesUsed", Evening, TimeSpan.FromDays(4),
            at => (usedGiB - ((Evening - at).TotalDays * gibPerDay)) * StorageDay.GiB, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
    }

    private Task<int> LocalAsync(string id, double freeGiB) => Day.Aws.History.PutAsync(SampledMetric.Set(("DBInstanceIdentifier", id)), "FreeLocalStorage",
        Evening, TimeSpan.FromMinutes(5), _ => freeGiB * StorageDay.GiB, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
}
