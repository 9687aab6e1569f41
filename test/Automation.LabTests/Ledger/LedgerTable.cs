using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Automation.LabTests.Ledger;

/// <summary>A ledger table with the keys of the contract, each with a name of its own.</summary>
internal static class LedgerTable
{
    private static int count;

    public static async Task<string> CreateAsync(IAmazonDynamoDB dynamo, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger-test-{Interlocked.Increment(ref count)}");
        await dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions =
            [
                new() { AttributeName = "pk", AttributeType = ScalarAttributeType.S },
                new() { AttributeName = "sk", AttributeType = ScalarAttributeType.S },
            ],
            KeySchema =
            [
                new() { AttributeName = "pk", KeyType = KeyType.HASH },
                new() { AttributeName = "sk", KeyType = KeyType.RANGE },
            ],
        }, cancellation);
        return name;
    }
}
