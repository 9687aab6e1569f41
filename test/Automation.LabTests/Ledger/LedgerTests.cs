using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Tests;

namespace Automation.LabTests.Ledger;

/// <summary>A ledger on a table of its own, and a clock that the test moves.</summary>
public abstract class LedgerTests(MotoFixture moto) : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private protected static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private protected readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private protected readonly FakeTime time = new(Start);
    private ILedger? ledger;
    private string? table;

    private protected IAmazonDynamoDB Dynamo => moto.Clients.DynamoDB;

    private protected ILedger Ledger => ledger ?? throw new InvalidOperationException("The table is not there yet.");

    private protected string Table => table ?? throw new InvalidOperationException("The table is not there yet.");

    public async ValueTask InitializeAsync()
    {
        table = await LedgerTable.CreateAsync(Dynamo, cancellation);
        ledger = new DynamoLedger(Dynamo, table, time);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (table is not null) await Dynamo.DeleteTableAsync(table, CancellationToken.None);
    }

    private protected async Task<Claim> ClaimAsync(string key = "incident", string owner = "request-1") =>
        Assert.IsType<ClaimResult.Claimed>(await Ledger.ClaimAsync(key, owner, Lease, cancellation)).Claim;

    private protected ActionRecord Record(string key = "4711") => new()
    {
        ResourceId = "db-ABC",
        At = time.GetUtcNow(),
        Capability = "connections",
        Key = key,
        Action = "terminate-session",
        Database = "orders",
        Mode = Mode.Act,
        RequestId = "request-1",
        Incident = "alarm-1",
        Group = new ActionGroup("shop", "web"),
        Before = """{"pid":4711}""",
    };

    private protected Task<IReadOnlyList<ActionRecord>> HistoryAsync() =>
        Ledger.HistoryAsync("db-ABC", "connections", DateTimeOffset.UnixEpoch, cancellation);

    private protected Task SwitchAsync(string which, AttributeValue stopped, string? why = null)
    {
        var item = new Dictionary<string, AttributeValue> { ["pk"] = new() { S = "switch" }, ["sk"] = new() { S = which }, ["stopped"] = stopped };
        if (why is not null) item["why"] = new() { S = why };
        return Dynamo.PutItemAsync(Table, item, cancellation);
    }

    private protected async Task<Dictionary<string, AttributeValue>> ItemAsync(string partition, string sort)
    {
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new() { S = partition }, ["sk"] = new() { S = sort } };
        return (await Dynamo.GetItemAsync(Table, key, consistentRead: true, cancellation)).Item;
    }
}
