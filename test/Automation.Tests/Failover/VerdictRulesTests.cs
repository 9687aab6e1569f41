using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class VerdictRulesTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);
    private static readonly Switch Proven = new Switch.Proven(Given.New);
    private static readonly WriteCounts AllThere = new() { Acknowledged = 900, Lost = 0, UnknownPresent = 1, UnknownAbsent = 2, Duplicated = 0, Unexpected = 0, FirstLost = [] };

    [Theory]
    [InlineData(10_000, nameof(Verdict.Passed), Reasons.Passed)]
    [InlineData(10_001, nameof(Verdict.Failed), Reasons.OverBudget)]
    public void Of_ProvenAndNothingLost_TheBudgetDecides(int down, string verdict, string reason) =>
        Expect(verdict, reason, Proven, [Lane(3_000), Lane(down)], AllThere);

    [Theory]
    [InlineData(3_000, nameof(Verdict.Passed), Reasons.Passed)]
    [InlineData(9_000, nameof(Verdict.Void), Reasons.TooCoarse)]
    [InlineData(11_000, nameof(Verdict.Failed), Reasons.OverBudget)]
    public void Of_OurOwnClientsStalled_PassesOnlyWhatIsSureToBeWithinTheBudget(int down, string verdict, string reason)
    {
        var (was, why, _) = VerdictRules.Of(Proven, [Lane(down)], AllThere, null, Budget, TimeSpan.FromSeconds(2));

        Assert.Equal((Enum.Parse<Verdict>(verdict), reason), (was, why));
    }

    [Fact]
    public void Of_OnlyReadsOverBudget_Fails() => Expect(nameof(Verdict.Failed), Reasons.OverBudget, Proven, [Lane(3_000) with { Reads = Outage(11_000) }], AllThere);

    [Fact]
    public void Of_NoSwitch_IsVoidHoweverShortTheDowntime() => Expect(nameof(Verdict.Void), Reasons.NoSwitch, new Switch.None(), [Lane(0)], AllThere);

    [Fact]
    public void Of_SameWriterBack_IsVoid() => Expect(nameof(Verdict.Void), Reasons.CameBack, new Switch.CameBack(), [Lane(3_000)], AllThere);

    [Fact]
    public void Of_Unproven_IsVoid() => Expect(nameof(Verdict.Void), Reasons.SwitchUnproven, new Switch.Unproven("why"), [Lane(3_000)], AllThere);

    [Fact]
    public void Of_RowsNotRead_IsVoid() => Expect(nameof(Verdict.Void), Reasons.NotVerified, Proven, [Lane(3_000)], null);

    [Fact]
    public void Of_LostRows_FailWhateverElseIsProven()
    {
        Switch[] switches = [Proven, new Switch.None(), new Switch.CameBack(), new Switch.Unproven("why")];
        foreach (var found in switches) Expect(nameof(Verdict.Failed), Reasons.WritesLost, found, [Lane(1)], AllThere with { Lost = 1 });
        Expect(nameof(Verdict.Failed), Reasons.WritesLost, Proven, [Lane(1)], AllThere with { Duplicated = 1 });
        Expect(nameof(Verdict.Failed), Reasons.WritesLost, Proven, [Lane(1)], AllThere with { Unexpected = 1 });
    }

    [Fact]
    public void Of_ALaneThatNeverCameBack_FailsEvenUnproven()
    {
        var stuck = Lane(3_000) with { Writes = Outage(300_000) with { To = null } };

        Expect(nameof(Verdict.Failed), Reasons.NotRecovered, new Switch.Unproven("nobody answered"), [Lane(3_000), stuck], null);
        Expect(nameof(Verdict.Failed), Reasons.NotRecovered, Proven, [Lane(3_000), stuck], AllThere);
    }

    [Theory]
    [InlineData("", 5_000, 1, 5_000, 5_000, 5_000, false)]
    [InlineData("4000 5000", 60_000, 3, 4_000, 5_000, 60_000, false)] // too few to say what is usual
    [InlineData("4000 5000 6000", 7_400, 4, 4_000, 6_000, 7_400, false)]
    [InlineData("4000 5000 6000", 7_600, 4, 4_000, 6_000, 7_600, true)]
    [InlineData("400 500 600", 1_500, 4, 400, 600, 1_500, false)] // within what cannot be told apart
    [InlineData("400 500 600", 1_700, 4, 400, 600, 1_700, true)]
    public void Of_Trend_TellsWhatIsWorseThanUsual(string earlier, int present, int runs, int least, int median, int most, bool worse)
    {
        var history = earlier.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ms => Given.Ms(int.Parse(ms, null))).ToList();

        Assert.Equal(new Trend(runs, Given.Ms(least), Given.Ms(median), Given.Ms(most), worse), TrendRules.Of(history, Given.Ms(present), Given.Ms(550)));
    }

    private static void Expect(string verdict, string reason, Switch found, IReadOnlyList<LaneResult> lanes, WriteCounts? writes)
    {
        var (was, why, sentence) = VerdictRules.Of(found, lanes, writes, "the connection was lost", Budget, TimeSpan.Zero);

        Assert.Equal((Enum.Parse<Verdict>(verdict), reason), (was, why));
        Assert.NotEmpty(sentence);
    }

    private static LaneResult Lane(int down) => new()
    {
        Lane = Given.Lane(),
        Noise = NoiseRules.Of([], TimeSpan.Zero, TimeSpan.Zero),
        Reads = Outage(down),
        Writes = Outage(down),
        FirstOfNewWriter = null,
    };

    private static Outage Outage(int down) => new()
    {
        Down = Given.Ms(down),
        From = Given.Ms(1_000),
        To = Given.Ms(1_000 + down),
        Interruptions = 1,
        FirstFailure = Given.Ms(1_010),
        FirstError = "timeout",
        ByError = new Dictionary<string, TimeSpan>(),
    };
}
