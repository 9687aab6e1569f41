using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Automation.Ledger;

/// <summary>Action records: written before the act, in one transaction with every check that the act is still allowed.</summary>
internal sealed class DynamoActions(IAmazonDynamoDB dynamo, string table, TimeProvider time)
{
    // Runs for different databases check the same switch item, and DynamoDB cancels one of two transactions that meet on
    // an item. Such a conflict passes within milliseconds; waits double from the first.
    private const int Tries = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(25);

    // The order of the transaction: both switches, the claims, the record.
    private const int SwitchAll = 0, SwitchCapability = 1, FirstClaim = 2;

    public async Task<RecordResult> RecordAsync(ActionRecord record, IReadOnlyList<Claim> heldClaims, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await dynamo.TransactWriteItemsAsync(TransactionOf(record, heldClaims), cancellation);
                return new RecordResult.Recorded();
            }
            catch (TransactionCanceledException canceled)
            {
                if (Refusal(canceled.CancellationReasons, record.Capability, heldClaims) is { } refusal) return refusal;
                if (attempt == Tries || !IsConflict(canceled)) throw;
            }
            await Task.Delay(FirstWait * (1 << (attempt - 1)), time, cancellation);
        }
    }

    public async Task ConfirmAsync(ActionRecord record, ActionResult result, CancellationToken cancellation)
    {
        var update = new UpdateItemRequest
        {
            TableName = table,
            Key = LedgerItems.RecordKey(record),
            UpdateExpression = "SET #result = :result, confirmed_at = :now",
            // Without the record there would be a half item in its place, which no history could read.
            ConditionExpression = "attribute_exists(pk)",
            ExpressionAttributeNames = new() { ["#result"] = "result" },
            ExpressionAttributeValues = new()
            {
                [":result"] = LedgerItems.Text(LedgerItems.Name(result)),
                [":now"] = LedgerItems.Text(LedgerItems.Time(time.GetUtcNow())),
            },
        };
        if (record.After is { } after)
        {
            // A word of DynamoDB's own.
            update.UpdateExpression += ", #after = :after";
            update.ExpressionAttributeNames["#after"] = "after";
            update.ExpressionAttributeValues[":after"] = LedgerItems.Text(LedgerItems.Cut(after));
        }
        await dynamo.UpdateItemAsync(update, cancellation);
    }

    public async Task<IReadOnlyList<ActionRecord>> HistoryAsync(
        string resourceId, string capability, DateTimeOffset since, CancellationToken cancellation)
    {
        var records = new List<ActionRecord>();
        var query = new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :database AND sk >= :since",
            FilterExpression = "capability = :capability",
            ExpressionAttributeValues = new()
            {
                [":database"] = LedgerItems.Text(LedgerItems.RecordPartition(resourceId)),
                [":since"] = LedgerItems.Text(LedgerItems.Time(since)),
                [":capability"] = LedgerItems.Text(capability),
            },
            // A budget that misses the last action is no budget.
            ConsistentRead = true,
        };
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation);
            records.AddRange((page.Items ?? []).Select(LedgerItems.FromItem));
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return records;
    }

    private TransactWriteItemsRequest TransactionOf(ActionRecord record, IReadOnlyList<Claim> heldClaims)
    {
        var now = LedgerItems.Number(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new TransactWriteItemsRequest
        {
            TransactItems =
            [
                CheckSwitch(LedgerItems.All),
                CheckSwitch(record.Capability),
                .. heldClaims.Select(claim => CheckClaim(claim, now)),
                new() { Put = new() { TableName = table, Item = LedgerItems.ToItem(record), ConditionExpression = "attribute_not_exists(pk)" } },
            ],
        };
    }

    private TransactWriteItem CheckSwitch(string which) => new()
    {
        ConditionCheck = new()
        {
            TableName = table,
            Key = LedgerItems.SwitchKey(which),
            ConditionExpression = "attribute_not_exists(pk) OR stopped = :no",
            ExpressionAttributeValues = new() { [":no"] = LedgerItems.Flag(false) },
        },
    };

    private TransactWriteItem CheckClaim(Claim claim, AttributeValue now) => new()
    {
        ConditionCheck = new()
        {
            TableName = table,
            Key = LedgerItems.ClaimKey(claim.Key),
            ConditionExpression = DynamoClaims.IsOurs + " AND #state = :held AND lease_until > :now",
            ExpressionAttributeNames = new() { ["#owner"] = "owner", ["#state"] = "state" },
            ExpressionAttributeValues = new()
            {
                [":owner"] = LedgerItems.Text(claim.Owner),
                [":attempt"] = LedgerItems.Number(claim.Attempt),
                [":held"] = LedgerItems.Text("held"),
                [":now"] = now,
            },
        },
    };

    // DynamoDB gives one reason for each item, in the order of the transaction.
    private static RecordResult? Refusal(List<CancellationReason>? reasons, string capability, IReadOnlyList<Claim> heldClaims)
    {
        bool Failed(int item) => reasons is not null && item < reasons.Count && reasons[item].Code == "ConditionalCheckFailed";
        if (Failed(SwitchAll)) return new RecordResult.Stopped(LedgerItems.All);
        if (Failed(SwitchCapability)) return new RecordResult.Stopped(capability);
        for (var claim = 0; claim < heldClaims.Count; claim++)
            if (Failed(FirstClaim + claim)) return new RecordResult.ClaimLost(heldClaims[claim].Key);
        return Failed(FirstClaim + heldClaims.Count) ? new RecordResult.Duplicate() : null;
    }

    private static bool IsConflict(TransactionCanceledException canceled) =>
        canceled.CancellationReasons?.Exists(reason => reason.Code == "TransactionConflict") is true;
}
