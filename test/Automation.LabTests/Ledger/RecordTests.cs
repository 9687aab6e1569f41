using Amazon.DynamoDBv2.Model;
using Automation.LabTests.Fixtures;
using Automation.Ledger;

namespace Automation.LabTests.Ledger;

public sealed class RecordTests(MotoFixture moto) : LedgerTests(moto)
{
    private static readonly AttributeValue Yes = new() { BOOL = true };

    [Fact]
    public async Task Record_NothingAgainstIt_IsInTheHistory()
    {
        var record = Record();

        Assert.IsType<RecordResult.Recorded>(await Ledger.RecordAsync(record, [await ClaimAsync("one"), await ClaimAsync("two")], cancellation));

        Assert.Equal([record], await HistoryAsync());
    }

    [Fact]
    public async Task Record_ItemHasTheKeysOfTheContract()
    {
        await Ledger.RecordAsync(Record(), [], cancellation);

        Assert.Equal("terminate-session", (await ItemAsync("database#db-ABC", "2026-03-01T12:00:00.0000000Z#connections#4711"))["action"].S);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("connections")]
    public async Task Record_SwitchThrownSinceItWasRead_IsRefusedAndNothingIsWritten(string which)
    {
        var claim = await ClaimAsync();
        Assert.IsType<SwitchState.Running>(await Ledger.ReadSwitchAsync("connections", cancellation));
        await SwitchAsync(which, Yes);

        Assert.Equal(new RecordResult.Stopped(which), await Ledger.RecordAsync(Record(), [claim], cancellation));

        Assert.Empty(await HistoryAsync());
    }

    [Fact]
    public async Task Record_LeaseEnded_IsRefusedAndNothingIsWritten()
    {
        var claim = await ClaimAsync();
        time.Advance(Lease);

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record(), [claim], cancellation));

        Assert.Empty(await HistoryAsync());
    }

    [Fact]
    public async Task Record_OneOfTwoClaimsLost_NamesIt()
    {
        var database = await ClaimAsync("database");
        var incident = await ClaimAsync("incident");
        await Ledger.ReleaseAsync(incident, cancellation);

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record(), [database, incident], cancellation));
    }

    [Fact]
    public async Task Record_TakenOverByAnother_OnlyTheNewHolderMayAct()
    {
        var lost = await ClaimAsync();
        time.Advance(Lease);
        var present = await ClaimAsync(owner: "request-2");

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record("1"), [lost], cancellation));
        Assert.IsType<RecordResult.Recorded>(await Ledger.RecordAsync(Record("2"), [present], cancellation));
    }

    [Fact]
    public async Task Record_TakenOverByTheRetryOfTheSameRequest_OnlyTheRetryMayAct()
    {
        var dying = await ClaimAsync();
        var retry = await ClaimAsync();

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record("1"), [dying], cancellation));
        Assert.IsType<RecordResult.Recorded>(await Ledger.RecordAsync(Record("2"), [retry], cancellation));
    }

    [Fact]
    public async Task Record_FromBeforeARelease_IsFencedOffForGood()
    {
        var zombie = await ClaimAsync();
        await Ledger.ReleaseAsync(await ClaimAsync(), cancellation);
        await ClaimAsync();

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record(), [zombie], cancellation));
    }

    [Fact]
    public async Task Record_AfterTheClaimWasCompleted_IsRefused()
    {
        var claim = await ClaimAsync();
        await Ledger.CompleteAsync(claim, "{}", cancellation);

        Assert.Equal(new RecordResult.ClaimLost("incident"), await Ledger.RecordAsync(Record(), [claim], cancellation));
    }

    [Fact]
    public async Task Record_SameTimeCapabilityAndKey_IsADuplicateAndTheFirstStays()
    {
        await Ledger.RecordAsync(Record(), [], cancellation);

        Assert.IsType<RecordResult.Duplicate>(await Ledger.RecordAsync(Record() with { Action = "other" }, [], cancellation));

        Assert.Equal([Record()], await HistoryAsync());
    }

    [Fact]
    public async Task Record_ByManyAtOnce_IsRecordedOnce()
    {
        var claim = await ClaimAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(run => Task.Run(() => Ledger.RecordAsync(Record(), [claim], cancellation))));

        Assert.Single(results.OfType<RecordResult.Recorded>());
        Assert.Equal(11, results.OfType<RecordResult.Duplicate>().Count());
    }

    [Fact]
    public async Task Record_StoppedAndLostAndDuplicate_SaysStopped()
    {
        await Ledger.RecordAsync(Record(), [], cancellation);
        await SwitchAsync("all", Yes);

        Assert.Equal(new RecordResult.Stopped("all"), await Ledger.RecordAsync(Record(), [new Claim("never-held", "request-1", 1, Start)], cancellation));
    }

    [Fact]
    public async Task Record_TableMissing_Throws() => await Assert.ThrowsAsync<ResourceNotFoundException>(() =>
        new DynamoLedger(Dynamo, "no-such-table", time).RecordAsync(Record(), [], cancellation));

    [Theory]
    [InlineData("Done")]
    [InlineData("Vanished")]
    [InlineData("Failed")]
    public async Task Confirm_IsSeenInTheHistory(string result)
    {
        var outcome = Enum.Parse<ActionResult>(result);
        await Ledger.RecordAsync(Record(), [], cancellation);

        await Ledger.ConfirmAsync(Record(), outcome, cancellation);

        Assert.Equal([Record() with { Result = outcome }], await HistoryAsync());
    }

    [Fact]
    public async Task Confirm_WithWhatCameOfIt_IsSeenInTheHistory()
    {
        var record = Record() with { After = """{"verdict":"passed"}""" };
        await Ledger.RecordAsync(Record(), [], cancellation);

        await Ledger.ConfirmAsync(record, ActionResult.Done, cancellation);

        Assert.Equal([record with { Result = ActionResult.Done }], await HistoryAsync());
    }

    [Fact]
    public async Task Confirm_NeverRecorded_IsAnErrorAndLeavesNoHalfItem()
    {
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => Ledger.ConfirmAsync(Record(), ActionResult.Done, cancellation));

        Assert.Empty(await HistoryAsync());
    }
}
