using System.Text;
using Amazon.DynamoDBv2.Model;
using Automation.Ledger;
using Automation.Outcomes;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Ledger.Records;

namespace Automation.Tests.Ledger;

public sealed class LedgerItemsTests
{
    [Fact]
    public void ToItem_HasKeysAndExpiryOfTheContract()
    {
        var item = LedgerItems.ToItem(Record(TimeSpan.Zero));

        Assert.Equal("database#db-ABC", item["pk"].S);
        Assert.Equal("2026-03-01T12:00:00.0000000Z#connections#4711", item["sk"].S);
        Assert.Equal(Now.AddDays(400).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), item["expires"].N);
    }

    [Fact]
    public void ToItem_AndBack_IsTheSame()
    {
        var record = Record(TimeSpan.FromTicks(7), group: new ActionGroup("a/b", "")) with { Mode = Mode.Observe, Result = ActionResult.Failed };

        Assert.Equal(record, LedgerItems.FromItem(LedgerItems.ToItem(record)));
        Assert.Equal(Record(TimeSpan.Zero), LedgerItems.FromItem(LedgerItems.ToItem(Record(TimeSpan.Zero))));
    }

    [Theory]
    [InlineData('a')]
    [InlineData('é')]
    [InlineData('€')]
    public void ToItem_LongBeforeImage_IsCutToTheLimitInWholeCharacters(char filler)
    {
        var stored = LedgerItems.ToItem(Record(TimeSpan.Zero) with { Before = new string(filler, LedgerItems.LongestBefore) + "tail" })["before"].S;

        Assert.InRange(Encoding.UTF8.GetByteCount(stored), LedgerItems.LongestBefore - 3, LedgerItems.LongestBefore);
        Assert.EndsWith(filler + "...", stored, StringComparison.Ordinal);
        Assert.Equal('.', stored.TrimStart(filler)[0]);
    }

    [Fact]
    public void ToItem_BeforeImageAtTheLimit_IsWhole()
    {
        var before = new string('a', LedgerItems.LongestBefore);

        Assert.Equal(before, LedgerItems.ToItem(Record(TimeSpan.Zero) with { Before = before })["before"].S);
    }

    [Theory]
    [InlineData("at", "yesterday")]
    [InlineData("mode", "off")]
    [InlineData("result", "maybe")]
    [InlineData("group", "shop/web")]
    [InlineData("incident", null)]
    public void FromItem_ChangedByHand_NamesItemAndAttribute(string attribute, string? value)
    {
        var item = LedgerItems.ToItem(Record(TimeSpan.Zero));
        if (value is null) item.Remove(attribute);
        else item[attribute] = new AttributeValue { S = value };

        var error = Assert.Throws<InvalidDataException>(() => LedgerItems.FromItem(item));

        Assert.Contains($"'{attribute}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("database#db-ABC", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_OfAnyTwo_SortsAsText() => Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 1 << 20)).ToArbitrary(),
            Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 1 << 20)).ToArbitrary(),
            (one, other) => Math.Sign(string.CompareOrdinal(LedgerItems.Time(At(one)), LedgerItems.Time(At(other)))) == At(one).CompareTo(At(other)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static DateTimeOffset At((int Seconds, int Ticks) point) => DateTimeOffset.UnixEpoch.AddSeconds(point.Seconds).AddTicks(point.Ticks);
}
