using Amazon.RDS.Model;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab.Account;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Snapshots;

namespace Automation.LabTests.Snapshots;

/// <summary>ReconcileSnapshots over the wire: what goes, what stays, what is copied and shared.</summary>
public sealed class ReconcileSnapshotsTests(MotoFixture moto)
{
    private const string Two = "every=6h hourly=2 daily=0 weekly=0 monthly=0 yearly=0 min=1";
    private static readonly DateTimeOffset Slot = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reconcile_MoreThanThePolicyKeeps_DeletesTheOldestAndRecordsIt()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 4);

        var outcome = Assert.Single(await account.ReconcileAsync(database.Id));

        Assert.Equal((Decision.Acted, "reconciled"), (outcome.Decision, outcome.Reason));
        Assert.Equal([Name(database, 1), Name(database, 0)], (await account.SnapshotsAsync(database)).Select(snapshot => snapshot.Id));
        Assert.Equal([Name(database, 3), Name(database, 2)],
            outcome.Details.GetProperty("deleted").EnumerateArray().Select(line => line.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
        Assert.All(await account.RecordsAsync(database), record => Assert.Equal(("delete-snapshot", ActionResult.Done), (record.Action, record.Result)));
        Assert.Equal("up-to-date", Assert.Single(await account.ReconcileAsync(database.Id)).Reason);
    }

    [Fact]
    public async Task Reconcile_Observe_TellsThePlanAndDeletesNothing()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 3);

        var outcome = Assert.Single(await account.ReconcileAsync(database.Id, Mode.Observe));

        Assert.Equal(Decision.Observed, outcome.Decision);
        Assert.Equal(Name(database, 2), Assert.Single(outcome.Details.GetProperty("deleted").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(2, outcome.Details.GetProperty("kept").GetArrayLength());
        Assert.All(outcome.Details.GetProperty("kept").EnumerateArray(), line => Assert.NotEmpty(line.GetProperty("why").GetString()!));
        Assert.Equal(3, (await account.SnapshotsAsync(database)).Count);
    }

    [Fact]
    public async Task Reconcile_SharedBehindOurBack_StaysAndIsAskedForBeforeEachDeletion()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two, await account.CreateKeyForAsync("210987654321"));
        await TakenAsync(account, database, 4);
        await account.Rds.ModifyDBSnapshotAttributeAsync(
            new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = Name(database, 3), AttributeName = "restore", ValuesToAdd = ["210987654321"] }, Cancellation);

        await account.ReconcileAsync(database.Id);

        Assert.Equal([Name(database, 3), Name(database, 1), Name(database, 0)], (await account.SnapshotsAsync(database)).Select(snapshot => snapshot.Id));
    }

    [Fact]
    public async Task Reconcile_HeldAndForeignSnapshots_Stay()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 4);
        var held = (await account.SnapshotsAsync(database)).Single(snapshot => snapshot.Id == Name(database, 3));
        await account.Rds.AddTagsToResourceAsync(
            new AddTagsToResourceRequest { ResourceName = held.Arn, Tags = [new Tag { Key = account.Tags.Hold, Value = "audit 2026" }] }, Cancellation);
        await account.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = database.Id, DBSnapshotIdentifier = $"by-hand-{database.Id}" }, Cancellation);
        await account.SettledAsync();

        await account.ReconcileAsync(database.Id);

        Assert.Equal([Name(database, 3), Name(database, 1), Name(database, 0), $"by-hand-{database.Id}"],
            (await account.SnapshotsAsync(database)).Select(snapshot => snapshot.Id));
    }

    [Theory]
    [InlineData("newest disappears")]
    [InlineData("tag removed")]
    public async Task Reconcile_FactsChangeAfterTheFirstLook_IsDecidedAnew(string change)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", "every=6h hourly=1 daily=0 weekly=0 monthly=0 yearly=0 min=1");
        await TakenAsync(account, database, 2);
        var reads = 0;
        account.Endpoint.Before("dynamodb", "UpdateItem", async (_, stop) =>
        {
            // The lease is taken between the first look and the second.
            if (Interlocked.Increment(ref reads) > 1) return null;
            if (change == "newest disappears")
                await account.Rds.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = Name(database, 0) }, stop);
            else
                await account.Rds.RemoveTagsFromResourceAsync(new RemoveTagsFromResourceRequest { ResourceName = database.Arn, TagKeys = [account.Tags.OptIn] }, stop);
            return null;
        });
        var before = account.Calls("DeleteDBSnapshot");

        await account.ReconcileAsync(database.Id);

        Assert.Contains(await account.SnapshotsAsync(database), snapshot => snapshot.Id == Name(database, 1));
        Assert.Equal(change == "newest disappears" ? before + 1 : before, account.Calls("DeleteDBSnapshot"));
    }

    [Fact]
    public async Task Reconcile_AnotherRunHoldsTheLease_ChangesNothing()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 4);
        var ledger = new DynamoLedger(account.Dynamo, account.Table, new Later(account.Now));
        await ledger.ClaimAsync($"snapshots/{database.ResourceId}", "somebody else", TimeSpan.FromMinutes(5), Cancellation);

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.Contains(outcomes, outcome => outcome.Reason == "in-progress");
        Assert.Equal(4, (await account.SnapshotsAsync(database)).Count);
    }

    [Fact]
    public async Task Reconcile_CopyAsked_CopiesTheNewestOnceUnderTheKeyOfTheDestination()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        await account.CreateKeyAsync(SnapshotAccount.Away);
        var database = await account.RegisterAsync("orders", $"every=6h copy={SnapshotAccount.Away}");
        await TakenAsync(account, database, 2);

        var first = await account.ReconcileAsync(database.Id);
        var second = await account.ReconcileAsync(database.Id);

        Assert.Equal($"{Name(database, 0)}-{SnapshotAccount.Home}", Assert.Single(first).Details.GetProperty("copied")[0].GetString());
        var copy = Assert.Single(await account.SnapshotsAsync(database, SnapshotAccount.Away));
        Assert.Equal($"{Name(database, 0)}-{SnapshotAccount.Home}", copy.Id);
        Assert.Equal(account.Tags.Read(copy)!.CopyOf, (await account.SnapshotsAsync(database)).Single(snapshot => snapshot.Id == Name(database, 0)).Arn);
        Assert.Equal(database.ResourceId, account.Tags.Read(copy)!.SourceResourceId);
        Assert.Equal("up-to-date", Assert.Single(second).Reason);
        Assert.Equal(1, account.Calls("CopyDBSnapshot"));
    }

    [Fact]
    public async Task Reconcile_DestinationHasNoKey_SaysWhatIsMissing()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", "every=6h copy=ap-northeast-3");
        await TakenAsync(account, database, 1);

        var outcome = (await account.ReconcileAsync(database.Id)).Single(one => one.Decision == Decision.Refused);

        Assert.Equal("key-missing", outcome.Reason);
        Assert.Contains("alias/rds-automation-snapshots", outcome.Summary, StringComparison.Ordinal);
        Assert.Contains("ap-northeast-3", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(0, account.Calls("CopyDBSnapshot"));
    }

    [Fact]
    public async Task Reconcile_DestinationCannotBeRead_DeletesNothingAtHome()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two + $" copy={SnapshotAccount.Away}");
        await TakenAsync(account, database, 4);
        account.Endpoint.Before("rds", "DescribeDBSnapshots", (call, _) => ValueTask.FromResult(
            call.Region == SnapshotAccount.Away ? ErrorAnswer.Create(call, 403, "AccessDenied", "no") : null));

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.Contains(outcomes, outcome => outcome.Reason == "destination-unreadable");
        Assert.Equal(4, (await account.SnapshotsAsync(database)).Count);
    }

    [Fact]
    public async Task Reconcile_AccountAsked_IsSharedWithOnlyWhenTheStackNamesIt()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var database = await account.RegisterAsync("orders", "every=6h copy=210987654321/999999999999", await account.CreateKeyForAsync("210987654321"));
        await TakenAsync(account, database, 1);

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.Equal("account-not-allowed", Assert.Single(outcomes, outcome => outcome.Decision == Decision.Refused).Reason);
        var attributes = await account.Rds.DescribeDBSnapshotAttributesAsync(new() { DBSnapshotIdentifier = Name(database, 0) }, Cancellation);
        Assert.Equal(["210987654321"], attributes.DBSnapshotAttributesResult.DBSnapshotAttributes.Single(attribute => attribute.AttributeName == "restore").AttributeValues);
        Assert.Equal(["210987654321"], account.Tags.Read(Assert.Single(await account.SnapshotsAsync(database)))!.SharedWith);
        Assert.Equal(1, account.Calls("ModifyDBSnapshotAttribute"));
    }

    [Fact]
    public async Task Reconcile_KeyDoesNotNameTheAccount_SaysWhichStatementIsMissing()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var database = await account.RegisterAsync("orders", "every=6h copy=210987654321", await account.CreateKeyForAsync("111111111111"));
        await TakenAsync(account, database, 1);

        var outcome = (await account.ReconcileAsync(database.Id)).Single(one => one.Decision == Decision.Refused);

        Assert.Equal("key-not-shared", outcome.Reason);
        Assert.Contains("\"arn:aws:iam::210987654321:root\"", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(0, account.Calls("ModifyDBSnapshotAttribute"));
    }

    [Fact]
    public async Task Reconcile_DatabaseIsUnderAwsOwnKey_SaysThatItCannotBeShared()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var database = await account.RegisterAsync("orders", "every=6h copy=210987654321");
        await TakenAsync(account, database, 1);

        var outcome = (await account.ReconcileAsync(database.Id)).Single(one => one.Decision == Decision.Refused);

        Assert.Equal("key-not-shared", outcome.Reason);
        Assert.Contains("AWS's own key", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(0, account.Calls("ModifyDBSnapshotAttribute"));
    }

    [Fact]
    public async Task Reconcile_EventOfASnapshot_LooksAtItsDatabaseAlone()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var (orders, other) = (await account.RegisterAsync("orders", Two), await account.RegisterAsync("other", Two));
        await TakenAsync(account, orders, 4);
        await TakenAsync(account, other, 4);

        await account.ReconcileAsync(new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, Name(orders, 0)));
        var unknown = Assert.Single(await account.ReconcileAsync(new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-gone-20261121-0600")));

        Assert.Equal(2, (await account.SnapshotsAsync(orders)).Count);
        Assert.Equal(4, (await account.SnapshotsAsync(other)).Count);
        Assert.Equal((Decision.NothingToDo, "not-ours"), (unknown.Decision, unknown.Reason));
    }

    [Fact]
    public async Task Reconcile_Overdue_IsToldOnceADay()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await account.TakenAsync(database, Slot.AddDays(-3));

        await account.ReconcileAsync(database.Id);
        await account.ReconcileAsync(database.Id);
        var today = account.Told.Count;
        account.Now = account.Now.AddDays(1);
        await account.ReconcileAsync(database.Id);

        Assert.Equal((1, 2), (today, account.Told.Count));
        Assert.All(account.Told, message => Assert.Contains("overdue", message.Subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reconcile_AnotherDatabasesSnapshotUnderOurTagsAndName_IsNeitherCopiedNorShared()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var key = await account.CreateKeyForAsync("210987654321");
        await account.CreateKeyAsync(SnapshotAccount.Away);
        var database = await account.RegisterAsync("orders", $"every=6h copy={SnapshotAccount.Away}/210987654321", key);
        var payroll = await account.RegisterAsync("payroll", "off", key);
        var name = Name(database, 0);
        await account.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = payroll.Id,
            DBSnapshotIdentifier = name,
            Tags = [.. account.Tags.Of(database.ResourceId, Slot, Slot).Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
        }, Cancellation);
        await account.SettledAsync();

        await account.ReconcileAsync();
        var taken = Assert.Single(await account.TakeAsync(database.Id));

        Assert.Equal((0, 0), (account.Calls("CopyDBSnapshot"), account.Calls("ModifyDBSnapshotAttribute")));
        // Nor does it pass for the slot's snapshot.
        Assert.Equal((Decision.Acted, $"{name}-2"), (taken.Decision, taken.Details.GetProperty("taken")[0].GetString()));
    }

    [Theory]
    [InlineData("-keep")]
    [InlineData("-keep-2")]
    public async Task Reconcile_CopyThatAPersonMadeWithOurTags_StaysAndPushesNothingOut(string suffix)
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 3);
        await account.Rds.CopyDBSnapshotAsync(
            new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = Name(database, 2), TargetDBSnapshotIdentifier = Name(database, 2) + suffix, CopyTags = true }, Cancellation);
        await account.SettledAsync();

        await account.ReconcileAsync(database.Id);
        account.Now = account.Now.AddHours(12);
        await account.ReconcileAsync(database.Id);

        Assert.Equal([Name(database, 2) + suffix, Name(database, 1), Name(database, 0)], (await account.SnapshotsAsync(database)).Select(snapshot => snapshot.Id));
    }

    [Fact]
    public async Task Reconcile_ShareFailsAfterItsTag_IsMadeByTheNextRun()
    {
        await using var account = await SnapshotAccount.StartAsync(moto, SnapshotAccount.Home, "210987654321");
        var database = await account.RegisterAsync("orders", "every=6h copy=210987654321", await account.CreateKeyForAsync("210987654321"));
        await TakenAsync(account, database, 1);
        var failing = true;
        account.Endpoint.Before("rds", "ModifyDBSnapshotAttribute", (call, _) => ValueTask.FromResult(failing ? ErrorAnswer.Internal(call, "not now") : null));

        var first = await account.ReconcileAsync(database.Id);
        failing = false;
        account.Now = account.Now.AddMinutes(15);
        var second = await account.ReconcileAsync(database.Id);

        Assert.Contains(first, outcome => outcome.Decision == Decision.Failed);
        Assert.Equal("shared with 210987654321", Assert.Single(Assert.Single(second).Details.GetProperty("shared").EnumerateArray()).GetProperty("why").GetString());
        var attributes = await account.Rds.DescribeDBSnapshotAttributesAsync(new() { DBSnapshotIdentifier = Name(database, 0) }, Cancellation);
        Assert.Equal(["210987654321"], attributes.DBSnapshotAttributesResult.DBSnapshotAttributes.Single(attribute => attribute.AttributeName == "restore").AttributeValues);
        Assert.Equal(["210987654321"], account.Tags.Read(Assert.Single(await account.SnapshotsAsync(database)))!.SharedWith);
    }

    [Fact]
    public async Task Reconcile_NewestCopyIsOld_IsTold()
    {
        await using var account = await SnapshotAccount.StartAsync(moto);
        await account.CreateKeyAsync(SnapshotAccount.Away);
        var database = await account.RegisterAsync("orders", $"every=6h copy={SnapshotAccount.Away}");
        await account.TakenAsync(database, Slot.AddDays(-1));
        await account.ReconcileAsync(database.Id);
        await account.TakenAsync(database, Slot);
        account.Answer("CopyDBSnapshot", 400, "InvalidDBSnapshotState", "not now");

        var outcomes = await account.ReconcileAsync(database.Id);

        Assert.Contains(outcomes, outcome => outcome.Reason == "copy-overdue" && outcome.Summary.Contains(SnapshotAccount.Away, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reconcile_TagIsGone_IsToldAndNothingIsDeleted()
    {
        // A Region of its own: a schedule's run looks at everything in it.
        await using var account = await SnapshotAccount.StartAsync(moto, "ap-east-2");
        var database = await account.RegisterAsync("orders", Two);
        await TakenAsync(account, database, 4);
        await account.Rds.RemoveTagsFromResourceAsync(new RemoveTagsFromResourceRequest { ResourceName = database.Arn, TagKeys = [account.Tags.OptIn] }, Cancellation);

        var outcome = Assert.Single(await account.ReconcileAsync());

        Assert.Equal((database.Id, Decision.Refused, "tag-gone"), (outcome.Database, outcome.Decision, outcome.Reason));
        Assert.Single(account.Told);
        Assert.Equal(4, (await account.SnapshotsAsync(database)).Count);
    }

    private static async Task TakenAsync(SnapshotAccount account, RegisteredDatabase database, int slots)
    {
        for (var slot = slots - 1; slot >= 0; slot--) await account.TakenAsync(database, Slot.AddHours(-6 * slot));
    }

    private static string Name(RegisteredDatabase database, int slotsBack) => SnapshotNames.Of(DatabaseKind.Instance, database.Id, Slot.AddHours(-6 * slotsBack), 1);

    private sealed class Later(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
