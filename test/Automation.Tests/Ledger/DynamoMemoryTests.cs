using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Automation.Ledger;
using NSubstitute;

namespace Automation.Tests.Ledger;

public sealed class DynamoMemoryTests : IDisposable
{
    private static readonly DateTimeOffset AfterMidnight = new(2026, 11, 21, 0, 2, 0, TimeSpan.Zero);

    private readonly IAmazonDynamoDB dynamo = Substitute.For<IAmazonDynamoDB>();

    /// <summary>The day before may be minutes before, and its growth a rate of nothing.</summary>
    [Theory]
    [InlineData(4, "before")]
    [InlineData(359, "before")]
    [InlineData(360, "yesterday")]
    public async Task Earlier_OfYesterday_CountsFromSixHours(int minutes, string? json)
    {
        Remembered(Item(AfterMidnight.AddMinutes(-minutes), "yesterday"), Item(AfterMidnight.AddHours(-30), "before"));

        Assert.Equal(json, await EarlierAsync());
    }

    [Fact]
    public async Task Earlier_OnlyATooYoungOne_IsNone()
    {
        Remembered(Item(AfterMidnight.AddMinutes(-4), "yesterday"));

        Assert.Null(await EarlierAsync());
    }

    public void Dispose() => dynamo.Dispose();

    private Task<string?> EarlierAsync() => new DynamoMemory(dynamo, "ledger")
        .EarlierAsync("db-ORDERS", "storage-bytes", AfterMidnight.AddDays(-14), AfterMidnight, TimeSpan.FromHours(6), TestContext.Current.CancellationToken);

    /// <summary>As DynamoDB: no more than the query's limit.</summary>
    private void Remembered(params Dictionary<string, AttributeValue>[] items) => dynamo.QueryAsync(Arg.Any<QueryRequest>(), Arg.Any<CancellationToken>())
        .Returns(call => new QueryResponse { Items = [.. items.Take(call.Arg<QueryRequest>().Limit ?? items.Length)] });

    private static Dictionary<string, AttributeValue> Item(DateTimeOffset at, string json) => new() { ["at"] = new(LedgerItems.Time(at)), ["json"] = new(json) };
}
