using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class OutageRulesTests
{
    private static readonly TimeSpan Called = Given.Ms(100), End = Given.Ms(10_000);

    [Theory]
    [InlineData("0:ok 50:ok 100:ok 150:ok", 0, 0)]
    // From the last good answer (60) to the next (210).
    [InlineData("0:ok 50:ok 100:refused 150:refused 200:ok", 150, 1)]
    // A timeout counts as long as it took.
    [InlineData("0:ok 50:ok 100:timeout 600:ok", 550, 1)]
    // Two stretches add up: what lies between them was good.
    [InlineData("0:ok 50:ok 100:refused 200:ok 250:ok 300:57P03 350:ok", 150 + 100, 2)]
    // What failed before the call is noise.
    [InlineData("0:refused 50:ok 100:ok", 0, 0)]
    // An attempt under way when the call was made counts.
    [InlineData("0:ok 95:57P01 150:ok", 150, 1)]
    // Never back: until the watching ended.
    [InlineData("0:ok 50:ok 100:refused 150:refused", 9_940, 1)]
    [InlineData("100:refused 150:refused", 9_900, 1)]
    public void Of_Attempts_CountsAllTimeWithoutAGoodAnswer(string words, int down, int interruptions)
    {
        var outage = OutageRules.Of(Given.Attempts(words), Operation.Write, Called, End);

        Assert.Equal((Given.Ms(down), interruptions), (outage.Down, outage.Interruptions));
    }

    [Fact]
    public void Of_ReadsGoOnWhileWritesFail_EachIsCountedByItself()
    {
        var attempts = Given.Attempts("0:ok 50:ok 100:read:25006 150:read:25006 200:timeout 700:ok");

        var (reads, writes) = (OutageRules.Of(attempts, Operation.Read, Called, End), OutageRules.Of(attempts, Operation.Write, Called, End));

        Assert.Equal((Given.Ms(155), Given.Ms(705), Given.Ms(550), Given.Ms(200)), (reads.From!.Value, reads.To!.Value, reads.Down, reads.FirstFailure!.Value));
        Assert.Equal((Given.Ms(60), Given.Ms(710), Given.Ms(650), Given.Ms(100)), (writes.From!.Value, writes.To!.Value, writes.Down, writes.FirstFailure!.Value));
        Assert.Equal(("timeout", "25006"), (reads.FirstError, writes.FirstError));
    }

    [Fact]
    public void Of_SeveralErrors_TimeIsSharedOutByWhatWasMet()
    {
        var outage = OutageRules.Of(Given.Attempts("50:ok 100:timeout 600:refused 650:refused 700:57P03 750:25006 800:ok"), Operation.Write, Called, End);

        Assert.Equal(
            [("25006", Given.Ms(50)), ("57P03", Given.Ms(50)), ("refused", Given.Ms(100)), ("timeout", Given.Ms(500))],
            outage.ByError.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => (line.Key, line.Value)));
        Assert.True(outage.Recovered);
    }

    [Fact]
    public void Of_NeverBack_IsNotRecovered() =>
        Assert.False(OutageRules.Of(Given.Attempts("50:ok 100:refused 200:ok 250:refused"), Operation.Read, Called, End).Recovered);

    [Fact]
    public void Of_NoAttempts_IsNoOutage() => Assert.Equal(TimeSpan.Zero, OutageRules.Of([], Operation.Read, Called, End).Down);
}
