using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Automation.Ledger;

/// <summary>Beside the ledger's records, in a partition of its own that no history reads: <c>memory#RESOURCE</c>, <c>WHAT#yyyy-MM-dd</c>.</summary>
internal sealed class DynamoMemory(IAmazonDynamoDB dynamo, string table) : IMemory
{
    // Growth of a month ago explains nothing of today's.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    public async Task KeepAsync(string resourceId, string what, DateTimeOffset at, string json, CancellationToken cancellation)
    {
        try
        {
            await dynamo.PutItemAsync(new PutItemRequest
            {
                TableName = table,
                Item = new()
                {
                    ["pk"] = LedgerItems.Text(Partition(resourceId)),
                    ["sk"] = LedgerItems.Text($"{what}#{Day(at)}"),
                    ["at"] = LedgerItems.Text(LedgerItems.Time(at)),
                    ["json"] = LedgerItems.Text(json),
                    ["expires"] = LedgerItems.Number((at + Kept).ToUnixTimeSeconds()),
                },
                ConditionExpression = "attribute_not_exists(pk)",
            }, cancellation);
        }
        catch (ConditionalCheckFailedException)
        {
            // The day has one.
        }
    }

    public async Task<string?> EarlierAsync(string resourceId, string what, DateTimeOffset oldest, DateTimeOffset now, TimeSpan apart, CancellationToken cancellation)
    {
        var answer = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :memory AND sk BETWEEN :oldest AND :yesterday",
            ExpressionAttributeValues = new()
            {
                [":memory"] = LedgerItems.Text(Partition(resourceId)),
                [":oldest"] = LedgerItems.Text($"{what}#{Day(oldest)}"),
                [":yesterday"] = LedgerItems.Text($"{what}#{Day(now - TimeSpan.FromDays(1))}"),
            },
            ScanIndexForward = false,
            // Yesterday's last minute may be too near; whatever is of the day before it is a day away.
            Limit = 2,
        }, cancellation);
        var youngest = LedgerItems.Time(now - apart);
        return answer.Items?.FirstOrDefault(item => item.GetValueOrDefault("at")?.S is { } at && string.CompareOrdinal(at, youngest) <= 0)?.GetValueOrDefault("json")?.S;
    }

    private static string Partition(string resourceId) => "memory#" + resourceId;

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
