using Amazon.DynamoDBv2.Model;
using Automation.Lab;
using Automation.Lab.Aws;

namespace Automation.Benchmarks.Reliefs;

internal static class Ledger
{
    /// <summary>Forgets what was done: a database is relieved only so often within an hour.</summary>
    public static async Task EmptyAsync(LocalLab lab, CancellationToken cancellation)
    {
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);
        var table = lab.Account.FunctionEnvironment(ReliefBenchmark.Function)["LEDGER_TABLE_NAME"];
        var scan = await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true }, cancellation);
        foreach (var item in scan.Items)
        {
            var key = new Dictionary<string, AttributeValue> { ["pk"] = item["pk"], ["sk"] = item["sk"] };
            await clients.DynamoDB.DeleteItemAsync(new DeleteItemRequest { TableName = table, Key = key }, cancellation);
        }
    }
}
