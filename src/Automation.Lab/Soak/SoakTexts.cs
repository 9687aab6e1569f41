using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Automation.Lab.Soak;

/// <summary>Everything that people or machines may read after a soak.</summary>
internal sealed class SoakTexts(SoakLab lab)
{
    public const string FunctionLogs = "lines of functions", Notifications = "notifications", Ledger = "items of the ledger",
        ServerLogs = "lines of servers", DeadLetters = "dead letters", Answers = "answers";

    /// <summary>Of every kind a soak has some, but for dead letters.</summary>
    public static readonly string[] Kinds = [FunctionLogs, Notifications, Ledger, ServerLogs, DeadLetters, Answers];

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
            .. lab.Functions.Logs.Select(entry => new Writing(FunctionLogs, $"the log of {entry.Function}", entry.Line)),
            .. lab.Account.Notifications.Entries.Select(message => new Writing(Notifications, "a notification", $"{message.Subject} {string.Join(' ', message.Messages.Values)} {string.Join(' ', message.Attributes.Values)}")),
            .. items.Select(item => new Writing(Ledger, "an item of the ledger", TextOf(item))),
            .. lab.Databases.Values.SelectMany(database => database.Instance.ServerLog.Entries.Select(line => new Writing(ServerLogs, $"a server's log of {database.Id}", line))),
            .. lab.Account.Bus.DeadLetters.Entries.Select(letter => new Writing(DeadLetters, "a dead letter", $"{letter.Body} {string.Join(' ', letter.Attributes.Values)}")),
            .. lab.Functions.Invocations.Select(entry => new Writing(Answers, $"the answer of {entry.Function}", Encoding.UTF8.GetString(entry.Result.Payload.Span))),
        ];
    }

    /// <summary>All that an item holds, names and values, however deep.</summary>
    public static string TextOf(Dictionary<string, AttributeValue> item) => string.Join(' ', item.Select(attribute => $"{attribute.Key} {TextOf(attribute.Value)}"));

    private static string TextOf(AttributeValue value) => string.Join(' ',
    [
        value.S ?? "", value.N ?? "", .. value.SS ?? [], .. value.NS ?? [],
        .. (value.L ?? []).Select(TextOf), value.M is { } map ? TextOf(map) : "",
        value.B is { } bytes ? Encoding.UTF8.GetString(bytes.ToArray()) : "", .. (value.BS ?? []).Select(one => Encoding.UTF8.GetString(one.ToArray())),
    ]);
}
