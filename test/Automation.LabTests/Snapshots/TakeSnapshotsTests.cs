using Amazon.RDS.Model;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.LabTests.Snapshots;

/// <summary>TakeSnapshots over the wire: what is created, under which name, and what a second run does.</summary>
public sealed class TakeSnapshotsTests(MotoFixture moto)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_Due_CreatesTheSnapshotOfTheSlotOnce()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");

        var first = Assert.Single(await account.TakeAsync());
        account.Now = account.Now.AddHours(1);
        var second = Assert.Single(await account.TakeAsync());

        Assert.Equal((Decision.Acted, "snapshot-started"), (first.Decision, first.Reason));
        Assert.Equal((Decision.NothingToDo, "not-due"), (second.Decision, second.Reason));
        var snapshot = Assert.Single(await account.SnapshotsAsync(database));
        Assert.Equal($"auto-{database.Id}-20261121-0600", snapshot.Id);
        Assert.Equal(snapshot.Id, first.Details.GetProperty("taken")[0].GetString());
        Assert.Equal(new Dictionary<string, string>
        {
            [account.Tags.ManagedBy] = "automation",
            [account.Tags.Slot] = "2026-11-21T06:00:00Z",
            [account.Tags.Source] = database.ResourceId,
            [account.Tags.Begun] = "2026-11-21T07:15:00Z",
        }, snapshot.Tags.Where(tag => tag.Key.StartsWith(account.Prefix, StringComparison.Ordinal) && tag.Key != account.Tags.OptIn).ToDictionary());
        var record = Assert.Single(await account.RecordsAsync(database));
        Assert.Equal(("create-snapshot", ActionResult.Done), (record.Action, record.Result));
        Assert.Empty(account.Told);
        Assert.Equal(0, account.Calls("ListTagsForResource"));
    }

    [Fact]
    public async Task Take_Cluster_IsSnapshottedAsAWhole()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var cluster = await account.RegisterClusterAsync("ledger");

        var outcome = Assert.Single(await account.TakeAsync());

        Assert.Equal((cluster.Id, "cluster", Decision.Acted), (outcome.Database, outcome.Kind, outcome.Decision));
        Assert.Equal($"auto-{cluster.Id}-20261121-0600", Assert.Single(await account.SnapshotsAsync(cluster)).Id);
        Assert.Equal(0, account.Calls("CreateDBSnapshot"));
    }

    [Fact]
    public async Task Take_Observe_WritesNothing()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");

        var outcome = Assert.Single(await account.TakeAsync(mode: Mode.Observe));

        Assert.Equal((Decision.Observed, "snapshot-due"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await account.SnapshotsAsync(database));
        Assert.Empty(await account.RecordsAsync(database));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("snapshots")]
    public async Task Take_KillSwitch_TakesNothingAndSaysSoOnce(string which)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        await account.SwitchAsync(which);

        var outcome = Assert.Single(await account.TakeAsync());
        await account.TakeAsync();

        Assert.Equal((Decision.Refused, "stopped"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await account.SnapshotsAsync(database));
        Assert.Single(account.Told);
    }

    [Fact]
    public async Task Take_FailedSnapshot_IsTriedAgainUnderAnotherNameAndGivenUpAfterThree()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        account.Lab.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail, DatabaseId = database.Id, Times = 3 });

        for (var run = 0; run < 3; run++) Assert.Equal("snapshot-started", Assert.Single(await account.TakeAsync()).Reason);
        var last = Assert.Single(await account.TakeAsync());

        Assert.Equal((Decision.Refused, "given-up"), (last.Decision, last.Reason));
        Assert.Equal(
            [$"auto-{database.Id}-20261121-0600", $"auto-{database.Id}-20261121-0600-2", $"auto-{database.Id}-20261121-0600-3"],
            (await account.SnapshotsAsync(database)).Select(snapshot => snapshot.Id));
        Assert.Single(account.Told);
    }

    [Fact]
    public async Task Take_SnapshotHangs_IsLeftAloneAndNotRepeated()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        account.Lab.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, DatabaseId = database.Id });

        await account.TakeAsync(settle: false);
        var same = Assert.Single(await account.TakeAsync(settle: false));
        account.Now = account.Now.AddDays(1);
        var next = Assert.Single(await account.TakeAsync(settle: false));
        account.Lab.Faults.Release();
        await account.SettledAsync();

        Assert.Equal((Decision.NothingToDo, "underway"), (same.Decision, same.Reason));
        // RDS backs one instance up once at a time; that a snapshot is overdue, ReconcileSnapshots tells.
        Assert.Equal((Decision.Refused, "not-available"), (next.Decision, next.Reason));
        Assert.Single(await account.SnapshotsAsync(database));
    }

    [Fact]
    public async Task Take_NameIsTakenByAStranger_UsesTheNextOne()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        await account.Rds.CreateDBSnapshotAsync(
            new CreateDBSnapshotRequest { DBInstanceIdentifier = database.Id, DBSnapshotIdentifier = $"auto-{database.Id}-20261121-0600" }, Cancellation);
        await account.SettledAsync();

        await account.TakeAsync();

        Assert.Contains(await account.SnapshotsAsync(database), snapshot => snapshot.Id == $"auto-{database.Id}-20261121-0600-2");
    }

    [Fact]
    public async Task Take_AnswerIsLost_TheSnapshotCountsAndIsNotMadeTwice()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");
        account.Endpoint.Faults.Inject(new() { Kind = FaultKind.ApplyThenInternalError, Service = "rds", Action = "CreateDBSnapshot" });

        // The SDK tries once more, and RDS says that it is there: it is ours.
        var outcome = Assert.Single(await account.TakeAsync());

        Assert.Equal((Decision.NothingToDo, "not-due"), (outcome.Decision, outcome.Reason));
        Assert.Single(await account.SnapshotsAsync(database));
    }

    [Fact]
    public async Task Take_TimeIsShort_StartsNothingAndTheNextRunGoesOn()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders");

        var early = Assert.Single(await account.TakeAsync(time: TimeSpan.FromSeconds(20)));
        var late = Assert.Single(await account.TakeAsync());

        Assert.Equal((Decision.Failed, "out-of-time"), (early.Decision, early.Reason));
        Assert.Equal(Decision.Acted, late.Decision);
        Assert.Single(await account.SnapshotsAsync(database));
    }

    [Fact]
    public async Task Take_OneDatabase_LeavesTheOthers()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var (orders, other) = (await account.RegisterAsync("orders"), await account.RegisterAsync("other"));

        Assert.Single(await account.TakeAsync(orders.Id));

        Assert.Single(await account.SnapshotsAsync(orders));
        Assert.Empty(await account.SnapshotsAsync(other));
    }

    [Theory]
    [InlineData("every=5h", "malformed-tag")]
    [InlineData("off", "off")]
    public async Task Take_TagSaysNo_RefusesAndNamesTheWord(string tag, string reason)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", tag);

        var outcome = Assert.Single(await account.TakeAsync(database.Id));

        Assert.Equal((Decision.Refused, reason), (outcome.Decision, outcome.Reason));
        Assert.Contains(tag, outcome.Summary.Replace("tag " + account.Tags.OptIn + " is ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(await account.SnapshotsAsync(database));
    }
}
