using Automation.Ledger;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class EarlierSessionsTests
{
    // Read by the automation itself: what it does not count uses up no budget.
    [Fact]
    public void Of_ADatabase_CountsForItsHour()
    {
        var earlier = EarlierSessions.Of("orders", "db-1", 10, Given.Now).ToList();
        var records = earlier.ConvertAll(one => LedgerItems.FromItem(one.Item));

        Assert.Equal(10, LedgerRules.Spent(records, TimeSpan.FromHours(1), Given.Now));
        Assert.Equal(records.Select(record => record.At), earlier.Select(one => one.Ended.At));
        Assert.Equal(earlier.Select(one => one.Item["sk"].S), records.Select(record => LedgerItems.RecordKey(record)["sk"].S));
        Assert.All(records, record => Assert.Equal(("db-1", "orders", "connections"), (record.ResourceId, record.Database, record.Capability)));
    }
}
