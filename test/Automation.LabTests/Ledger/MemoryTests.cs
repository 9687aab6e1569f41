using System.Globalization;
using Automation.LabTests.Fixtures;
using Automation.Ledger;

namespace Automation.LabTests.Ledger;

public sealed class MemoryTests(MotoFixture moto) : LedgerTests(moto)
{
    private const string What = "storage-bytes";

    private static readonly DateTimeOffset Longest = Start.AddDays(-14);

    private DynamoMemory Memory => new(Dynamo, Table);

    private Task KeepAsync(DateTimeOffset at, string json, string what = What, string resource = "db-ABC") =>
        Memory.KeepAsync(resource, what, at, json, cancellation);

    private Task<string?> EarlierAsync(DateTimeOffset? now = null) => Memory.EarlierAsync("db-ABC", What, Longest, now ?? Start, TimeSpan.Zero, cancellation);

    [Fact]
    public async Task Earlier_NothingKept_IsNothing() => Assert.Null(await EarlierAsync());

    [Fact]
    public async Task Earlier_OfAnotherDay_IsWhatWasKept()
    {
        await KeepAsync(Start.AddDays(-1), """{"wal":1}""");

        Assert.Equal("""{"wal":1}""", await EarlierAsync());
    }

    [Fact]
    public async Task Earlier_OfTheSameDay_IsNone()
    {
        await KeepAsync(Start.AddHours(-11), "today");

        Assert.Null(await EarlierAsync());
        Assert.Equal("today", await EarlierAsync(now: Start.AddDays(1)));
    }

    // A minute apart, and two days.
    [Fact]
    public async Task Earlier_AcrossMidnight_IsOfTheDayBefore()
    {
        await KeepAsync(new(2026, 2, 28, 23, 59, 30, TimeSpan.Zero), "yesterday");

        Assert.Equal("yesterday", await EarlierAsync(now: new(2026, 3, 1, 0, 0, 30, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Earlier_Days_AreThoseOfUtc()
    {
        // 1 March 01:00 in Berlin is 28 February in UTC.
        await KeepAsync(new(2026, 3, 1, 0, 30, 0, TimeSpan.FromHours(1)), "28 February");

        Assert.Equal("28 February", await EarlierAsync(now: new(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(1))));
    }

    [Fact]
    public async Task Earlier_OfManyDays_IsTheYoungest()
    {
        foreach (var ago in new[] { 2, 5, 3, 0 }) await KeepAsync(Start.AddDays(-ago), ago.ToString(CultureInfo.InvariantCulture));

        Assert.Equal("2", await EarlierAsync());
    }

    [Theory]
    [InlineData(14, "kept")]
    [InlineData(15, null)]
    public async Task Earlier_OlderThanTheOldest_IsNone(int daysAgo, string? found)
    {
        await KeepAsync(Start.AddDays(-daysAgo), "kept");

        Assert.Equal(found, await EarlierAsync());
    }

    [Fact]
    public async Task Earlier_OfAnotherDatabaseOrOfSomethingElse_IsNone()
    {
        await KeepAsync(Start.AddDays(-1), "another database", resource: "db-ABCD");
        await KeepAsync(Start.AddDays(-1), "something else", what: "storage-bytes-2");
        await KeepAsync(Start.AddDays(-1), "something else", what: "storage");

        Assert.Null(await EarlierAsync());
    }

    [Fact]
    public async Task Keep_SecondOfADay_LeavesTheFirst()
    {
        await KeepAsync(Start.AddDays(-1), "first");
        await KeepAsync(Start.AddDays(-1).AddHours(1), "second");

        Assert.Equal("first", await EarlierAsync());
    }

    [Fact]
    public async Task Keep_SeenByNoHistory()
    {
        await Ledger.RecordAsync(Record(), [], cancellation);
        await KeepAsync(Start, "{}", what: "connections");

        Assert.Equal([Record()], await HistoryAsync());
    }

    [Fact]
    public async Task Keep_ExpiresAfterAllThatAsksForIt()
    {
        await KeepAsync(Start, "{}");

        var item = await ItemAsync("memory#db-ABC", "storage-bytes#2026-03-01");
        Assert.Equal(Start.AddDays(35).ToUnixTimeSeconds(), long.Parse(item["expires"].N, CultureInfo.InvariantCulture));
        Assert.Equal("2026-03-01T12:00:00.0000000Z", item["at"].S);
    }
}
