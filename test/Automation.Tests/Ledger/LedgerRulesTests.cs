using Automation.Ledger;
using static Automation.Tests.Ledger.Records;

namespace Automation.Tests.Ledger;

public sealed class LedgerRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1), Minute = TimeSpan.FromMinutes(1);
    private static readonly ActionGroup Web = new("shop", "web"), Batch = new("shop", "batch");

    [Fact]
    public void Spent_CountsTheWindowWithItsFutureButNotItsFarEdge() => Assert.Equal(
        3, LedgerRules.Spent([Record(Hour), Record(Hour - TimeSpan.FromTicks(1)), Record(Minute), Record(-Minute), Record(Day)], Hour, Now));

    [Theory]
    [InlineData("done", 1)]
    [InlineData("failed", 1)]
    [InlineData("unconfirmed", 1)]
    [InlineData("vanished", 0)]
    public void Spent_CountsWhatMayHaveHappened(string result, int spent) =>
        Assert.Equal(spent, LedgerRules.Spent([Record(Minute, result: Enum.Parse<ActionResult>(result, ignoreCase: true))], Hour, Now));

    [Fact]
    public void CoolsDownUntil_IsTheEndAfterTheLatest() =>
        Assert.Equal(Now + (Hour - Minute), LedgerRules.CoolsDownUntil([Record(Minute * 10), Record(Minute), Record(Day)], Hour, Now));

    [Fact]
    public void CoolsDownUntil_AtTheEnd_IsOver() => Assert.Null(LedgerRules.CoolsDownUntil([Record(Hour)], Hour, Now));

    [Fact]
    public void CoolsDownUntil_AfterWhatVanished_IsNotRunning() =>
        Assert.Null(LedgerRules.CoolsDownUntil([Record(Minute, result: ActionResult.Vanished)], Hour, Now));

    [Fact]
    public void EarlierIncidents_CountsDistinctIncidentsOfEachGroup()
    {
        ActionRecord[] history =
        [
            Record(Hour, "alarm-1", group: Web), Record(Hour, "alarm-1", group: Web), Record(Minute, "alarm-2", group: Web),
            Record(Hour, "alarm-1", group: Batch),
            Record(Hour, "alarm-3"),
        ];

        Assert.Equal(
            new Dictionary<ActionGroup, int> { [Web] = 2, [Batch] = 1 },
            LedgerRules.EarlierIncidents(history, "alarm-9", Day, Now));
    }

    [Fact]
    public void EarlierIncidents_LeavesOutPresentOldAndVanished() => Assert.Empty(LedgerRules.EarlierIncidents(
        [Record(Minute, "present", group: Web), Record(Day, "old", group: Web), Record(Hour, "gone", ActionResult.Vanished, Web)], "present", Day, Now));
}
