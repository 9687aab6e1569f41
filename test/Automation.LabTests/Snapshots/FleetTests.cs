using Amazon.RDS.Model;
using Automation.LabTests.Fixtures;
using Automation.Outcomes;

namespace Automation.LabTests.Snapshots;

/// <summary>A run over many databases: calls are counted at the endpoint.</summary>
public sealed class FleetTests(MotoFixture moto)
{
    // A Region of its own: everything in it is listed.
    private const string Region = "mx-central-1";
    private const int Databases = 500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_FiveHundredDatabases_DescribesPageByPageAndCreatesOnce()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, Region);
        await Parallel.ForEachAsync(Enumerable.Range(0, Databases), Cancellation, async (number, stop) => await account.Rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = $"{account.Prefix}-{number:000}",
            DBInstanceClass = "db.m7g.large",
            Engine = "postgres",
            AllocatedStorage = 20,
            MasterUsername = "postgres",
            MasterUserPassword = "not-the-real-one",
            Tags = [new Tag { Key = account.Tags.OptIn, Value = "every=1d" }],
        }, stop));

        account.Lab.Quotas["ManualSnapshots"] = Databases;
        var outcomes = await account.TakeAsync(time: TimeSpan.FromHours(1));

        Assert.Equal(Databases, outcomes.Count(outcome => outcome.Decision == Decision.Acted));
        Assert.Equal(Databases, account.Calls("CreateDBSnapshot"));
        Assert.Equal(Databases / 100, account.Calls("DescribeDBInstances"));
        Assert.Equal(1, account.Calls("DescribeDBClusters"));
        Assert.Equal(1, account.Calls("DescribeDBSnapshots"));
        Assert.Equal(0, account.Calls("ListTagsForResource"));
    }

    [Fact]
    public async Task Reconcile_PoliciesOutgrowTheQuota_TellsTheDayAndTheDigestOnceAWeek()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, "ap-southeast-5");
        var database = await account.RegisterAsync("orders", "every=1d hourly=0 daily=30 weekly=0 monthly=0 yearly=0");
        var today = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        for (var day = 3; day >= 0; day--) await account.TakenAsync(database, today.AddDays(-day));
        // Four there are; one a day more, and none goes before thirty are there.
        account.Lab.Quotas["ManualSnapshots"] = 20;

        var outcomes = await account.ReconcileAsync();
        await account.ReconcileAsync();

        var quota = Assert.Single(outcomes, outcome => outcome.Reason == "quota-near");
        Assert.Contains("4 of 20 manual instance snapshots", quota.Summary, StringComparison.Ordinal);
        Assert.Contains("2026-12-08", quota.Summary, StringComparison.Ordinal);
        var digest = Assert.Single(account.Told, message => message.Attributes["severity"] == "info");
        Assert.Contains(database.Id, digest.TextFor("email"), StringComparison.Ordinal);
        Assert.Contains("2026-12-08", digest.TextFor("email"), StringComparison.Ordinal);
        Assert.Equal(2, account.Told.Count);

        account.Now = account.Now.AddDays(7);
        await account.ReconcileAsync();

        Assert.Equal(2, account.Told.Count(message => message.Attributes["severity"] == "info"));
    }

    [Fact]
    public async Task Reconcile_NobodyAsks_SaysSoAndTellsNobody()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, "ap-southeast-5");

        var outcome = Assert.Single(await account.ReconcileAsync());

        Assert.Equal(("fleet", Decision.NothingToDo, "not-opted-in"), (outcome.Database, outcome.Decision, outcome.Reason));
        Assert.Empty(account.Told);
    }
}
