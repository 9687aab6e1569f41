using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Automation.Lab.Soak;

/// <summary>Everything that people or machines may read after a soak.</summary>
internal sealed class SoakTexts(SoakLab lab)
{
    public async Task<IEnumerable<Writing>> ReadAsync(CancellationToken cancellation)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        var scan = new ScanRequest { TableName = lab.LedgerTable, ConsistentRead = true };
        do
        {
            var page = await lab.Behind.DynamoDB.ScanAsync(scan, cancellation);
            items.AddRange(page.Items);
            scan.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (scan.ExclusiveStartKey is { Count: > 0 });
        return
        [
            // Metrics are lines of the log.
            .. lab.Functions.Logs.Select(entry => new Writing($"the log of {entry.Function}", entry.Line)),
            .. lab.Account.Notifications.Entries.Select(message => new Writing("a notification", $"{message.Subject} {string.Join(' ', message.Messages.Values)} {string.Join(' ', message.Attributes.Values)}")),
            .. items.Select(item => new Writing("an item of the ledger", string.Join(' ', item.Values.Select(value => value.S)))),
            .. lab.Databases.Values.SelectMany(database => database.Instance.Server.Log).Select(line => new Writing(SoakEvidence.ServerLog, line)),
            .. lab.Account.Bus.DeadLetters.Entries.Select(letter => new Writing("a dead letter", letter.Body)),
            .. lab.Functions.Invocations.Select(entry => new Writing($"the answer of {entry.Function}", Encoding.UTF8.GetString(entry.Result.Payload.Span))),
        ];
    }
}
