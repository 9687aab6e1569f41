using Amazon.RDS.Model;
using Automation.LabTests.Fixtures;
using Automation.Outcomes;

namespace Automation.LabTests.Snapshots;

/// <summary>A run over many databases: calls are counted at the endpoint.</summary>
public sealed class FleetTests(MotoFixture moto)
{
    // A Region of its own: everything in it is listed.
    private const string Region = "ca-central-1";
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
}
