using Automation.LabTests.Fixtures;
using Automation.Ledger;

namespace Automation.LabTests.Ledger;

public sealed class ClaimTests(MotoFixture moto) : LedgerTests(moto)
{
    private const string Told = """{"headline":"orders relieved"}""";

    private Task<ClaimResult> AskAsync(string owner) => Ledger.ClaimAsync("incident", owner, Lease, cancellation);

    [Fact]
    public async Task Claim_FreeKey_IsOursUntilTheLeaseEnds() =>
        Assert.Equal(new Claim("incident", "request-1", 1, Start + Lease), await ClaimAsync());

    [Fact]
    public async Task Claim_KeyItemHasTheNamesOfTheContract()
    {
        await ClaimAsync();

        var item = await ItemAsync("once#incident", "once");
        Assert.Equal(Start.AddDays(60).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), item["expires"].N);
    }

    [Fact]
    public async Task Claim_HeldByAnother_IsInFlightUntilItsLeaseEnds()
    {
        await ClaimAsync();
        time.Advance(Lease - TimeSpan.FromMilliseconds(1));

        Assert.Equal(new ClaimResult.InFlight(Start + Lease), await AskAsync("request-2"));
    }

    [Fact]
    public async Task Claim_LeaseEnded_IsTakenOverAndCountedUp()
    {
        await ClaimAsync();
        time.Advance(Lease);

        var claimed = Assert.IsType<ClaimResult.Claimed>(await AskAsync("request-2"));

        Assert.Equal(new Claim("incident", "request-2", 2, Start + Lease + Lease), claimed.Claim);
    }

    [Fact]
    public async Task Claim_RetryOfTheSameRequest_IsTakenOverAtOnce()
    {
        await ClaimAsync();

        Assert.Equal(2, (await ClaimAsync()).Attempt);
    }

    [Fact]
    public async Task Claim_OtherKey_IsFree()
    {
        await ClaimAsync("one");

        Assert.Equal(1, (await ClaimAsync("other", "request-2")).Attempt);
    }

    [Fact]
    public async Task Release_MakesTheKeyFreeAtOnce_AndKeepsTheCount()
    {
        await Ledger.ReleaseAsync(await ClaimAsync(), cancellation);

        Assert.Equal(2, (await ClaimAsync(owner: "request-2")).Attempt);
    }

    [Fact]
    public async Task Release_AfterATakeOver_LeavesTheNewHolderAlone()
    {
        var lost = await ClaimAsync();
        time.Advance(Lease);
        await ClaimAsync(owner: "request-2");

        await Ledger.ReleaseAsync(lost, cancellation);

        Assert.IsType<ClaimResult.InFlight>(await AskAsync("request-3"));
    }

    [Fact]
    public async Task Complete_IsDoneForEverybodyWithTheAnnouncement_UndeliveredAtFirst()
    {
        var claim = await ClaimAsync();

        Assert.True(await Ledger.CompleteAsync(claim, Told, cancellation));

        Assert.Equal(new ClaimResult.Done(claim, Told, Notified: false), await AskAsync("request-1"));
        Assert.Equal(new ClaimResult.Done(claim, Told, Notified: false), await AskAsync("request-2"));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(new ClaimResult.Done(claim, Told, Notified: false), await AskAsync("request-3"));
    }

    [Fact]
    public async Task Complete_Twice_IsDoneOnce()
    {
        var claim = await ClaimAsync();

        Assert.True(await Ledger.CompleteAsync(claim, Told, cancellation));
        Assert.True(await Ledger.CompleteAsync(claim, Told, cancellation));
    }

    [Fact]
    public async Task Complete_LeaseEndedButNobodyCame_IsDone()
    {
        var claim = await ClaimAsync();
        time.Advance(Lease * 2);

        Assert.True(await Ledger.CompleteAsync(claim, Told, cancellation));
    }

    [Fact]
    public async Task Complete_AfterATakeOver_IsRefusedAndTheNewHolderGoesOn()
    {
        var lost = await ClaimAsync();
        time.Advance(Lease);
        var present = await ClaimAsync(owner: "request-2");

        Assert.False(await Ledger.CompleteAsync(lost, Told, cancellation));
        Assert.True(await Ledger.CompleteAsync(present, Told, cancellation));
    }

    [Fact]
    public async Task MarkNotified_ByARetryThatFoundItDone_IsSeenByTheNext()
    {
        await Ledger.CompleteAsync(await ClaimAsync(), Told, cancellation);
        var found = Assert.IsType<ClaimResult.Done>(await AskAsync("request-2"));

        await Ledger.MarkNotifiedAsync(found.Claim, cancellation);

        Assert.Equal(found with { Notified = true }, await AskAsync("request-3"));
    }

    [Fact]
    public async Task MarkNotified_NotCompleted_IsAnError()
    {
        var claim = await ClaimAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.MarkNotifiedAsync(claim, cancellation));
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_HasOneHolder()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 24).Select(run => Task.Run(() => AskAsync($"request-{run}"))));

        Assert.Single(results.OfType<ClaimResult.Claimed>());
        Assert.Equal(23, results.OfType<ClaimResult.InFlight>().Count());
    }

    [Fact]
    public async Task Claim_ChangedByHand_IsAnErrorThatNamesTheItem()
    {
        await Dynamo.PutItemAsync(Table, new() { ["pk"] = new() { S = "once#incident" }, ["sk"] = new() { S = "once" }, ["state"] = new() { S = "?" } }, cancellation);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => AskAsync("request-1"));

        Assert.Contains("once#incident", error.Message, StringComparison.Ordinal);
    }
}
