using System.Text.Json;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.LabTests.Ledger;

public sealed class ToldOnceTests(MotoFixture moto) : LedgerTests(moto)
{
    private static readonly Conclusion Found = new(Outcome, new Announcement(Outcome, Severity.Warning, "orders: no copy", "It failed."));

    private static Outcome Outcome => new()
    {
        Database = "orders",
        Kind = "instance",
        Decision = Decision.Failed,
        Reason = "copy-failed",
        Summary = "no copy",
        Resource = "arn:aws:rds:us-east-1:123456789012:db:orders",
        Details = JsonElement.Parse("{}"),
    };

    private Task<Conclusion> ApplyAsync(string owner, Conclusion? conclusion = null) =>
        new ToldOnce(Ledger).ApplyAsync("snapshots/orders/copy-failed", Lease, conclusion ?? Found, new Invocation(owner, Start + Lease));

    [Fact]
    public async Task Apply_FirstTime_IsToldWithTheClaimThatKeepsIt()
    {
        var told = await ApplyAsync("request-1");

        Assert.Same(Found.Announcement, told.Announcement);
        var kept = Assert.IsType<ClaimResult.Done>(await Ledger.ClaimAsync(told.Claim!.Key, "request-2", Lease, cancellation));
        Assert.Equal(("no copy", false), (StoredAnnouncement.Read(kept.Announcement).Outcome.Summary, kept.Notified));
    }

    [Fact]
    public async Task Apply_Delivered_IsNotToldAgain()
    {
        await Ledger.MarkNotifiedAsync((await ApplyAsync("request-1")).Claim!, cancellation);

        Assert.Equal(Found with { Announcement = null }, await ApplyAsync("request-2"));
    }

    [Fact]
    public async Task Apply_NotDelivered_IsToldByTheNextRun()
    {
        var first = await ApplyAsync("request-1");

        var second = await ApplyAsync("request-2");

        Assert.Same(Found.Announcement, second.Announcement);
        Assert.Equal(first.Claim!.Key, second.Claim!.Key);
    }

    [Fact]
    public async Task Apply_AnotherRunIsAboutToTell_IsLeftToIt()
    {
        await ClaimAsync("snapshots/orders/copy-failed", "request-1");

        Assert.Equal(Found with { Announcement = null }, await ApplyAsync("request-2"));
    }

    [Fact]
    public async Task Apply_NothingToTell_TakesNoKey()
    {
        var silent = Found with { Announcement = null };

        Assert.Same(silent, await ApplyAsync("request-1", silent));

        Assert.Same(Found.Announcement, (await ApplyAsync("request-2")).Announcement);
    }

    [Fact]
    public async Task Apply_LedgerDoesNotAnswer_IsToldNow()
    {
        var ledger = new DynamoLedger(Dynamo, "no-such-table", time);

        Assert.Same(Found, await new ToldOnce(ledger).ApplyAsync("key", Lease, Found, new Invocation("request-1", Start)));
    }
}
