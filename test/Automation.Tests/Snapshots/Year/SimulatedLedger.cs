using System.Net;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Automation.Ledger;

namespace Automation.Tests.Snapshots.Year;

/// <summary>The ledger in memory, with the conditions that DynamoDB checks.</summary>
internal sealed class SimulatedLedger(Mishaps mishaps, TimeProvider time) : ILedger
{
    private readonly Lock changing = new();
    private readonly Dictionary<string, Item> items = [];
    private readonly HashSet<(string ResourceId, DateTimeOffset At, string Key)> records = [];
    private readonly HashSet<(string Key, string Action, DateTimeOffset At, string Run)> announced = [];

    public bool Stopped { get; set; }

    /// <summary>Whether a change was written down in this very run, and nothing was heard of it since.</summary>
    public bool Announces(string key, string action, string run)
    {
        lock (changing) return announced.Contains((key, action, time.GetUtcNow(), run));
    }

    public Task<SwitchState> ReadSwitchAsync(string capability, CancellationToken cancellation) => Task.FromResult<SwitchState>(
        mishaps.Of("fleet", "switch", ledger: true) != Mishap.None ? new SwitchState.Unreadable("no answer")
        : Stopped ? new SwitchState.Stopped("all", "exercise") : new SwitchState.Running());

    public Task<ClaimResult> ClaimAsync(string key, string owner, TimeSpan leaseFor, CancellationToken cancellation) => Meet<ClaimResult>(key, "claim", () =>
    {
        var now = time.GetUtcNow();
        if (items.TryGetValue(key, out var item))
        {
            if (item.Announcement is { } announcement) return new ClaimResult.Done(item.Claim, announcement, item.Notified);
            if (item.Claim.Owner != owner && item.Claim.Until > now) return new ClaimResult.InFlight(item.Claim.Until);
        }
        var claim = new Claim(key, owner, (item?.Claim.Attempt ?? 0) + 1, now + leaseFor);
        items[key] = new Item(claim);
        return new ClaimResult.Claimed(claim);
    });

    public Task<bool> CompleteAsync(Claim claim, string announcement, CancellationToken cancellation) => Meet(claim.Key, "complete", () =>
    {
        if (!IsOurs(claim)) return false;
        items[claim.Key].Announcement = announcement;
        return true;
    });

    public Task MarkNotifiedAsync(Claim claim, CancellationToken cancellation)
    {
        lock (changing)
        {
            if (!IsOurs(claim) || items[claim.Key].Announcement is null) throw new InvalidOperationException($"The claim on '{claim.Key}' is not completed.");
            items[claim.Key].Notified = true;
        }
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(Claim claim, CancellationToken cancellation) => Meet(claim.Key, "release", () =>
    {
        if (IsOurs(claim) && items[claim.Key].Announcement is null) items[claim.Key] = new Item(claim with { Until = DateTimeOffset.MinValue });
        return true;
    });

    public Task<RecordResult> RecordAsync(ActionRecord record, IReadOnlyList<Claim> heldClaims, CancellationToken cancellation) => Meet<RecordResult>(record.ResourceId, "record", () =>
    {
        if (Stopped) return new RecordResult.Stopped("all");
        foreach (var claim in heldClaims)
            if (!IsOurs(claim) || items[claim.Key].Claim.Until <= time.GetUtcNow()) return new RecordResult.ClaimLost(claim.Key);
        if (!records.Add((record.ResourceId, record.At, record.Key))) return new RecordResult.Duplicate();
        announced.Add((record.Key, record.Action, record.At, record.RequestId));
        return new RecordResult.Recorded();
    });

    public Task ConfirmAsync(ActionRecord record, ActionResult result, CancellationToken cancellation) => Meet(record.ResourceId, "confirm", () =>
        announced.Remove((record.Key, record.Action, record.At, record.RequestId)));

    public Task<IReadOnlyList<ActionRecord>> HistoryAsync(string resourceId, string capability, DateTimeOffset since, CancellationToken cancellation) =>
        throw new NotSupportedException("Nobody asks for the history of snapshots.");

    private bool IsOurs(Claim claim) =>
        items.TryGetValue(claim.Key, out var item) && item.Claim.Owner == claim.Owner && item.Claim.Attempt == claim.Attempt;

    private Task<T> Meet<T>(string key, string call, Func<T> answer)
    {
        // Of a key like snapshots/db-ORDERS/overdue/2026-01-01 the database.
        var mishap = mishaps.Of(key.Split('/') is [_, var subject, ..] ? subject : key, call, ledger: true);
        lock (changing)
        {
            if (mishap == Mishap.None) return Task.FromResult(answer());
            if (mishap is Mishap.LostAfter or Mishap.GoneAfter) answer();
        }
        throw mishap is Mishap.Throttled or Mishap.LostBefore
            ? new AmazonDynamoDBException("Try again.", ErrorType.Receiver, "InternalServerError", "R", HttpStatusCode.InternalServerError)
            : new TimeoutException("No answer of DynamoDB.");
    }

    private sealed class Item(Claim claim)
    {
        public Claim Claim { get; } = claim;
        public string? Announcement { get; set; }
        public bool Notified { get; set; }
    }
}
