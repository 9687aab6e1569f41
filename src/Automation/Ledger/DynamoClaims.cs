using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Automation.Ledger;

/// <summary>
/// One-time keys. An item is <c>held</c> until its lease ends, then <c>done</c> for good. It is never deleted by us: the
/// count of its holders is what fences off a run that comes back from the dead.
/// </summary>
internal sealed class DynamoClaims(IAmazonDynamoDB dynamo, string table, TimeProvider time)
{
    /// <summary>A claim is still ours: owner and count are; another holder would have counted up.</summary>
    public const string IsOurs = "#owner = :owner AND attempt = :attempt";

    public async Task<ClaimResult> ClaimAsync(string key, string owner, TimeSpan leaseFor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        try
        {
            var response = await dynamo.UpdateItemAsync(new UpdateItemRequest
            {
                TableName = table,
                Key = LedgerItems.ClaimKey(key),
                UpdateExpression = "SET #owner = :owner, #state = :held, lease_until = :until, expires = :expires ADD attempt :one",
                ConditionExpression = "attribute_not_exists(pk) OR (#state = :held AND (#owner = :owner OR lease_until <= :now))",
                ExpressionAttributeNames = new() { ["#owner"] = "owner", ["#state"] = "state" },
                ExpressionAttributeValues = new()
                {
                    [":owner"] = LedgerItems.Text(owner),
                    [":held"] = LedgerItems.Text("held"),
                    [":now"] = LedgerItems.Number(now.ToUnixTimeMilliseconds()),
                    [":until"] = LedgerItems.Number((now + leaseFor).ToUnixTimeMilliseconds()),
                    [":expires"] = LedgerItems.ClaimExpires(now),
                    [":one"] = LedgerItems.Number(1),
                },
                ReturnValues = ReturnValue.ALL_NEW,
                ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
            }, cancellation);
            return new ClaimResult.Claimed(ToClaim(key, response.Attributes));
        }
        catch (ConditionalCheckFailedException taken)
        {
            return ToRefusal(key, taken.Item);
        }
    }

    public async Task<bool> CompleteAsync(Claim claim, string announcement, CancellationToken cancellation)
    {
        var update = UpdateOf(claim, "SET #state = :done, announcement = :announcement, notified = :no, expires = :expires", IsOurs);
        update.ExpressionAttributeNames["#state"] = "state";
        update.ExpressionAttributeValues[":done"] = LedgerItems.Text("done");
        update.ExpressionAttributeValues[":announcement"] = LedgerItems.Text(announcement);
        update.ExpressionAttributeValues[":no"] = LedgerItems.Flag(false);
        update.ExpressionAttributeValues[":expires"] = LedgerItems.ClaimExpires(time.GetUtcNow());
        return await TryUpdateAsync(update, cancellation);
    }

    public async Task MarkNotifiedAsync(Claim claim, CancellationToken cancellation)
    {
        var update = UpdateOf(claim, "SET notified = :yes", IsOurs + " AND #state = :done");
        update.ExpressionAttributeNames["#state"] = "state";
        update.ExpressionAttributeValues[":done"] = LedgerItems.Text("done");
        update.ExpressionAttributeValues[":yes"] = LedgerItems.Flag(true);
        if (!await TryUpdateAsync(update, cancellation))
            throw new InvalidOperationException($"The claim on '{claim.Key}' is not completed: it cannot have been announced.");
    }

    public async Task ReleaseAsync(Claim claim, CancellationToken cancellation)
    {
        var update = UpdateOf(claim, "SET lease_until = :past", IsOurs + " AND #state = :held");
        update.ExpressionAttributeNames["#state"] = "state";
        update.ExpressionAttributeValues[":held"] = LedgerItems.Text("held");
        update.ExpressionAttributeValues[":past"] = LedgerItems.Number(0);
        await TryUpdateAsync(update, cancellation);
    }

    private UpdateItemRequest UpdateOf(Claim claim, string update, string condition) => new()
    {
        TableName = table,
        Key = LedgerItems.ClaimKey(claim.Key),
        UpdateExpression = update,
        ConditionExpression = condition,
        ExpressionAttributeNames = new() { ["#owner"] = "owner" },
        ExpressionAttributeValues = new()
        {
            [":owner"] = LedgerItems.Text(claim.Owner),
            [":attempt"] = LedgerItems.Number(claim.Attempt),
        },
    };

    private async Task<bool> TryUpdateAsync(UpdateItemRequest update, CancellationToken cancellation)
    {
        try
        {
            await dynamo.UpdateItemAsync(update, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private static ClaimResult ToRefusal(string key, Dictionary<string, AttributeValue> item) => item.GetValueOrDefault("state")?.S switch
    {
        "held" => new ClaimResult.InFlight(ToClaim(key, item).Until),
        "done" when item.GetValueOrDefault("announcement")?.S is { } announcement =>
            new ClaimResult.Done(ToClaim(key, item), announcement, item.GetValueOrDefault("notified")?.BOOL is true),
        _ => throw Unreadable(key),
    };

    private static Claim ToClaim(string key, Dictionary<string, AttributeValue> item) =>
        item.GetValueOrDefault("owner")?.S is { } owner && ReadNumber(item, "attempt") is { } attempt && ReadNumber(item, "lease_until") is { } until
            ? new Claim(key, owner, attempt, DateTimeOffset.FromUnixTimeMilliseconds(until))
            : throw Unreadable(key);

    private static long? ReadNumber(Dictionary<string, AttributeValue> item, string name) =>
        long.TryParse(item.GetValueOrDefault(name)?.N, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static InvalidDataException Unreadable(string key) => new($"Ledger item pk=once#{key}, sk=once cannot be read.");
}
