using System.Globalization;
using Automation.LabTests.Fixtures;
using Automation.Ledger;

namespace Automation.LabTests.Ledger;

public sealed class HistoryTests(MotoFixture moto) : LedgerTests(moto)
{
    private async Task RecordAsync(ActionRecord record) =>
        Assert.IsType<RecordResult.Recorded>(await Ledger.RecordAsync(record, [], cancellation));

    [Fact]
    public async Task History_IsOldestFirstFromTheGivenTimeOn()
    {
        foreach (var minutes in new[] { 3, 1, 2, 0 }) await RecordAsync(Record() with { At = Start.AddMinutes(minutes) });

        var history = await Ledger.HistoryAsync("db-ABC", "connections", Start.AddMinutes(1), cancellation);

        Assert.Equal([Start.AddMinutes(1), Start.AddMinutes(2), Start.AddMinutes(3)], history.Select(record => record.At));
    }

    [Fact]
    public async Task History_LeavesOutOtherDatabasesAndCapabilities()
    {
        await RecordAsync(Record());
        await RecordAsync(Record() with { ResourceId = "db-ABCD" });
        await RecordAsync(Record() with { Capability = "storage" });

        Assert.Equal([Record()], await HistoryAsync());
    }

    [Fact]
    public async Task History_LongerThanAPage_IsWhole()
    {
        // DynamoDB answers at most 1 MB a page: 90 before-images of 16 KB are more.
        var before = new string('x', LedgerItems.LongestBefore);
        for (var at = 0; at < 90; at++)
            await RecordAsync(Record(at.ToString(CultureInfo.InvariantCulture)) with { At = Start.AddSeconds(at), Before = before });
        var page = await Dynamo.QueryAsync(new()
        {
            TableName = Table,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = new() { S = "database#db-ABC" } },
        }, cancellation);
        Assert.NotEmpty(page.LastEvaluatedKey);

        var history = await HistoryAsync();

        Assert.Equal(Enumerable.Range(0, 90).Select(at => at.ToString(CultureInfo.InvariantCulture)), history.Select(record => record.Key));
    }
}
