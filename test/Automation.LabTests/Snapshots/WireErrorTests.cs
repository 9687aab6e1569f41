using Automation.LabTests.Fixtures;
using Automation.Outcomes;

namespace Automation.LabTests.Snapshots;

/// <summary>Every error that RDS documents for a call of ours, as it is on the wire, and what becomes of the run.</summary>
public sealed class WireErrorTests(MotoFixture moto)
{
    private static readonly DateTimeOffset Slot = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(404, "DBInstanceNotFound", "DBInstance x not found.", Decision.Refused, "database-not-found", 0)]
    [InlineData(400, "InvalidDBInstanceState", "Instance x is not in available state.", Decision.Refused, "state-changed", 0)]
    [InlineData(400, "SnapshotQuotaExceeded", "Cannot create more than 100 manual snapshots", Decision.Refused, "quota-reached", 1)]
    [InlineData(400, "DBSnapshotAlreadyExists", "Cannot create the snapshot because a snapshot with the identifier x already exists.", Decision.Refused, "name-taken", 1)]
    [InlineData(400, "Throttling", "Rate exceeded", Decision.Failed, "throttled", 1)]
    [InlineData(403, "AccessDenied", "User: x is not authorized to perform: rds:CreateDBSnapshot", Decision.Refused, "not-permitted", 1)]
    [InlineData(500, "InternalFailure", "An internal error has occurred.", Decision.Failed, "aws-error", 1)]
    [InlineData(400, "SomethingNew", "Nobody knows it.", Decision.Refused, "aws-error", 1)]
    public async Task Take_InstanceIsAnsweredWith_GoesOnWithTheOthers(
        int status, string code, string message, Decision decision, string reason, int told)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        var cluster = await account.RegisterClusterAsync("ledger");
        account.Answer("CreateDBSnapshot", status, code, message);

        var outcomes = await account.TakeAsync();

        var outcome = Assert.Single(outcomes, one => one.Database == database.Id);
        Assert.Equal((decision, reason), (outcome.Decision, outcome.Reason));
        Assert.Equal(told, account.Told.Count);
        var other = Assert.Single(outcomes, one => one.Database == cluster.Id);
        Assert.Equal((Decision.Acted, "snapshot-started"), (other.Decision, other.Reason));
        Assert.Single(await account.SnapshotsAsync(cluster));
    }

    [Theory]
    [InlineData(404, "DBClusterNotFoundFault", Decision.Refused, "database-not-found")]
    [InlineData(400, "InvalidDBClusterStateFault", Decision.Refused, "state-changed")]
    [InlineData(400, "InvalidDBClusterSnapshotStateFault", Decision.Refused, "state-changed")]
    [InlineData(400, "SnapshotQuotaExceeded", Decision.Refused, "quota-reached")]
    [InlineData(400, "DBClusterSnapshotAlreadyExistsFault", Decision.Refused, "name-taken")]
    public async Task Take_ClusterIsAnsweredWith_SaysSo(int status, string code, Decision decision, string reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var cluster = await account.RegisterClusterAsync("ledger");
        account.Answer("CreateDBClusterSnapshot", status, code, "as RDS says it");

        var outcome = Assert.Single(await account.TakeAsync());

        Assert.Equal((cluster.Id, decision, reason), (outcome.Database, outcome.Decision, outcome.Reason));
    }

    [Theory]
    [InlineData("DescribeDBInstances")]
    [InlineData("DescribeDBClusters")]
    [InlineData("DescribeDBSnapshots")]
    [InlineData("DescribeDBClusterSnapshots")]
    public async Task Take_CannotRead_TakesNothingAndFails(string action)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        await account.RegisterAsync("orders");
        account.Answer(action, 400, "Throttling", "Rate exceeded");

        var outcome = Assert.Single(await account.TakeAsync());

        Assert.Equal(("fleet", Decision.Failed, "throttled"), (outcome.Database, outcome.Decision, outcome.Reason));
        Assert.Equal(0, account.Calls("CreateDBSnapshot"));
        Assert.Single(account.Told);
    }

    [Theory]
    [InlineData(404, "DBSnapshotNotFound", "DBSnapshot not found.", "copy-failed")]
    [InlineData(400, "InvalidDBSnapshotState", "The snapshot is not in available state.", "state-changed")]
    [InlineData(400, "KMSKeyNotAccessibleFault", "The specified KMS key does not exist, is not enabled or you do not have permissions to access it.", "key-unusable")]
    [InlineData(400, "SnapshotQuotaExceeded", "Cannot copy more than 20 snapshots across regions", "copy-waiting")]
    [InlineData(400, "SnapshotQuotaExceeded", "Cannot create more than 100 manual snapshots", "quota-reached")]
    [InlineData(400, "DBSnapshotAlreadyExists", "It is there.", "name-taken")]
    [InlineData(400, "Throttling", "Rate exceeded", "throttled")]
    public async Task Copy_IsAnsweredWith_SaysSo(int status, string code, string message, string? reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        await account.CreateKeyAsync(SnapshotAccount.Away);
        var database = await account.RegisterAsync("orders", $"every=6h copy={SnapshotAccount.Away}");
        await account.TakenAsync(database, Slot);
        account.Answer("CopyDBSnapshot", status, code, message);

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.True(account.Calls("CopyDBSnapshot") > 0);
        Assert.Equal(reason, outcomes.SingleOrDefault(outcome => outcome.Decision is Decision.Refused or Decision.Failed)?.Reason);
        Assert.Empty(await account.SnapshotsAsync(database, SnapshotAccount.Away));
    }

    [Theory]
    [InlineData(404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found.", "copy-failed")]
    [InlineData(400, "InvalidDBClusterStateFault", "The cluster is not in a valid state.", "state-changed")]
    [InlineData(400, "InvalidDBClusterSnapshotStateFault", "The snapshot is not in a valid state.", "state-changed")]
    [InlineData(400, "KMSKeyNotAccessibleFault", "The key is not accessible.", "key-unusable")]
    [InlineData(400, "SnapshotQuotaExceeded", "Cannot copy more than 5 snapshots across regions", "copy-waiting")]
    [InlineData(400, "SnapshotQuotaExceeded", "Cannot create more than 100 manual snapshots", "quota-reached")]
    [InlineData(400, "DBClusterSnapshotAlreadyExistsFault", "It is there.", "name-taken")]
    public async Task CopyOfCluster_IsAnsweredWith_SaysSo(int status, string code, string message, string reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        await account.CreateKeyAsync(SnapshotAccount.Away);
        var cluster = await account.RegisterClusterAsync("ledger", $"every=6h copy={SnapshotAccount.Away}");
        await account.TakenOfClusterAsync(cluster, Slot);
        account.Answer("CopyDBClusterSnapshot", status, code, message);

        var outcomes = await account.ReconcileAsync(cluster.Id);

        Assert.True(account.Calls("CopyDBClusterSnapshot") > 0);
        Assert.Equal(reason, outcomes.Single(outcome => outcome.Decision is Decision.Refused or Decision.Failed).Reason);
    }

    [Theory]
    [InlineData(404, "DBClusterSnapshotNotFoundFault", null)]
    [InlineData(400, "InvalidDBClusterSnapshotStateFault", "state-changed")]
    public async Task DeleteOfCluster_IsAnsweredWith_SaysSo(int status, string code, string? reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var cluster = await account.RegisterClusterAsync("ledger", "every=6h hourly=1 daily=0 weekly=0 monthly=0 yearly=0 min=1");
        await account.TakenOfClusterAsync(cluster, Slot.AddDays(-2));
        await account.TakenOfClusterAsync(cluster, Slot);
        account.Answer("DeleteDBClusterSnapshot", status, code, "as RDS says it");

        var outcomes = await account.ReconcileAsync(cluster.Id);

        Assert.True(account.Calls("DeleteDBClusterSnapshot") > 0);
        Assert.Equal(reason, outcomes.SingleOrDefault(outcome => outcome.Decision is Decision.Refused or Decision.Failed)?.Reason);
    }

    [Theory]
    [InlineData(404, "DBSnapshotNotFound", null)]
    [InlineData(400, "InvalidDBSnapshotState", "state-changed")]
    [InlineData(403, "AccessDenied", "not-permitted")]
    [InlineData(500, "InternalFailure", "aws-error")]
    public async Task Delete_IsAnsweredWith_SaysSo(int status, string code, string? reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", "every=6h hourly=1 daily=0 weekly=0 monthly=0 yearly=0 min=1");
        await account.TakenAsync(database, Slot.AddDays(-2));
        await account.TakenAsync(database, Slot);
        account.Answer("DeleteDBSnapshot", status, code, "as RDS says it");

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.True(account.Calls("DeleteDBSnapshot") > 0);
        Assert.Equal(reason, outcomes.SingleOrDefault(outcome => outcome.Decision is Decision.Refused or Decision.Failed)?.Reason);
        Assert.Equal(2, (await account.SnapshotsAsync(database)).Count);
    }

    [Theory]
    [InlineData("SharedSnapshotQuotaExceeded", "sharing-limit")]
    [InlineData("InvalidDBSnapshotState", "state-changed")]
    [InlineData("AccessDenied", "not-permitted")]
    public async Task Share_IsAnsweredWith_SaysSo(string code, string reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var database = await account.RegisterAsync("orders", "every=6h copy=210987654321", await account.CreateKeyForAsync("210987654321"));
        await account.TakenAsync(database, Slot);
        account.Answer("ModifyDBSnapshotAttribute", 400, code, "as RDS says it");

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.Equal(reason, Assert.Single(outcomes, outcome => outcome.Decision is Decision.Refused or Decision.Failed).Reason);
    }
}
