using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Automation.Telemetry;

namespace Automation.Ledger;

/// <summary>The ledger in DynamoDB: kill switch and history here, claims in <see cref="DynamoClaims"/>, actions in <see cref="DynamoActions"/>.</summary>
internal sealed class DynamoLedger(IAmazonDynamoDB dynamo, string table, TimeProvider time) : ILedger
{
    private readonly DynamoClaims claims = new(dynamo, table, time);
    private readonly DynamoActions actions = new(dynamo, table, time);

    public async Task<SwitchState> ReadSwitchAsync(string capability, CancellationToken cancellation)
    {
        try
        {
            return await ReadOneSwitchAsync(LedgerItems.All, cancellation) is SwitchState.Stopped stopped
                ? stopped
                : await ReadOneSwitchAsync(capability, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever the reason, a switch that cannot be read may be off.
            return new SwitchState.Unreadable(Printable.Line($"{e.GetType().Name}: {e.Message}"));
        }
    }

    public Task<ClaimResult> ClaimAsync(string key, string owner, TimeSpan leaseFor, CancellationToken cancellation) =>
        claims.ClaimAsync(key, owner, leaseFor, cancellation);

    public Task<bool> CompleteAsync(Claim claim, string announcement, CancellationToken cancellation) =>
        claims.CompleteAsync(claim, announcement, cancellation);

    public Task MarkNotifiedAsync(Claim claim, CancellationToken cancellation) => claims.MarkNotifiedAsync(claim, cancellation);

    public Task ReleaseAsync(Claim claim, CancellationToken cancellation) => claims.ReleaseAsync(claim, cancellation);

    public Task<RecordResult> RecordAsync(ActionRecord record, IReadOnlyList<Claim> heldClaims, CancellationToken cancellation) =>
        actions.RecordAsync(record, heldClaims, cancellation);

    public Task ConfirmAsync(ActionRecord record, ActionResult result, CancellationToken cancellation) =>
        actions.ConfirmAsync(record, result, cancellation);

    public Task<IReadOnlyList<ActionRecord>> HistoryAsync(string resourceId, string capability, DateTimeOffset since, CancellationToken cancellation) =>
        actions.HistoryAsync(resourceId, capability, since, cancellation);

    private async Task<SwitchState> ReadOneSwitchAsync(string which, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = LedgerItems.SwitchKey(which), ConsistentRead = true }, cancellation);
        // An item that is there means stop, unless it plainly says otherwise: a misspelt attribute, or the text "false"
        // typed by hand, must not let changes through.
        return response.Item is null or { Count: 0 } || response.Item.GetValueOrDefault("stopped") is { BOOL: false }
            ? new SwitchState.Running()
            : new SwitchState.Stopped(which, response.Item.GetValueOrDefault("why")?.S);
    }
}
