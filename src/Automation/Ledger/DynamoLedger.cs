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
            var switches = await ReadSwitchesAsync(cancellation);
            return Check(switches, LedgerItems.All) is SwitchState.Stopped stopped ? stopped : Check(switches, capability);
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

    /// <summary>Every switch in one call: there is one item for everything and at most one for each capability.</summary>
    private async Task<List<Dictionary<string, AttributeValue>>> ReadSwitchesAsync(CancellationToken cancellation)
    {
        var switches = new List<Dictionary<string, AttributeValue>>();
        var query = new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :switch",
            ExpressionAttributeValues = new() { [":switch"] = LedgerItems.Text(LedgerItems.SwitchPartition) },
            ConsistentRead = true,
        };
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation);
            switches.AddRange(page.Items ?? []);
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return switches;
    }

    // An item that is there means stop, unless it plainly says otherwise: a misspelt attribute, or the text "false" typed by
    // hand, must not let changes through.
    private static SwitchState Check(List<Dictionary<string, AttributeValue>> switches, string which) =>
        switches.Find(item => item["sk"].S == which) is not { } found || found.GetValueOrDefault("stopped") is { BOOL: false }
            ? new SwitchState.Running()
            : new SwitchState.Stopped(which, found.GetValueOrDefault("why")?.S);
}
