using Automation.Failover;

namespace Automation.Tests.Failover.Report;

public sealed class AdviceRulesTests
{
    private const string Timeout = ErrorClasses.Timeout, Refused = ErrorClasses.Refused;
    private static readonly Trend Steady = new(9, Given.Seconds(3), Given.Seconds(4), Given.Seconds(6), GotWorse: false);

    private static LaneResult Writer(ProbeClients clients, params (double, double, string)[] failing) => Given.Result(ProbePath.Writer, clients, failing);

    private static LaneResult Proxy(ProbeClients clients, params (double, double, string)[] failing) => Given.Result(ProbePath.Proxy, clients, failing);

    private static IReadOnlyList<string> For(params IReadOnlyList<LaneResult> lanes) =>
        AdviceRules.For(lanes, [], Given.Writes(), Verdict.Passed, Reasons.Passed, Steady, Given.Times);

    private static string Only(IReadOnlyList<string> advice, string beginning)
    {
        var line = Assert.Single(advice);
        Assert.StartsWith(beginning, line, StringComparison.Ordinal);
        return line;
    }

    private static readonly Dictionary<string, LaneResult[]> Cases = new()
    {
        ["Pool: on the way writer, pooled clients were away 12"] = [Writer(ProbeClients.Fresh, (2, 5, Refused)), Writer(ProbeClients.Pooled, (2, 14, Refused))],
        ["Proxy: fresh clients were away 12"] = [Writer(ProbeClients.Fresh, (2, 5, Refused)), Proxy(ProbeClients.Fresh, (2, 14, Refused))],
        ["DNS: fresh clients were away 3"] = [Proxy(ProbeClients.Fresh, (2, 5, Refused)), Writer(ProbeClients.Fresh, (2, 32, Refused))],
        ["Driver: writer, fresh met silence, not errors, for 8"] = [Writer(ProbeClients.Fresh, (2, 10, Timeout), (10, 12, Refused))],
        ["DNS or pool: writer, pooled reached a server that takes no writes (25006) for 3"] = [Writer(ProbeClients.Pooled, (2, 6, Refused), (6, 9, "25006"))],
        ["Database: writer, fresh was told for 7"] = [Writer(ProbeClients.Fresh, (2, 4, Refused), (4, 11, "57P03"))],
        ["DNS: the name was not resolved for 4"] = [Writer(ProbeClients.Fresh, (2, 6, ErrorClasses.Name))],
        ["Driver: writer, fresh could not verify the server"] = [Writer(ProbeClients.Fresh, (2, 2.2, ErrorClasses.Tls))],
        ["DNS or pool: writer, fresh came back and went away again (2 interruptions)"] = [Writer(ProbeClients.Fresh, (2, 4, Refused), (6, 8, Refused))],
        ["DNS or database: writer, fresh was not back"] = [Writer(ProbeClients.Fresh, (2, 1000, Refused))],
        ["Proxy: proxy, fresh was not back"] = [Proxy(ProbeClients.Fresh, (2, 1000, Refused))],
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Advice_ByWhatLanesMet_NamesWhatToFix(string beginning) => Only(For(Cases[beginning]), beginning);

    private static readonly Dictionary<string, LaneResult[]> Unremarkable = new()
    {
        ["pooled a little worse"] = [Writer(ProbeClients.Fresh, (2, 8, Refused)), Writer(ProbeClients.Pooled, (2, 13, Refused))],
        ["twice as long, within what can be measured"] = [Writer(ProbeClients.Fresh, (2, 2.3, Refused)), Writer(ProbeClients.Pooled, (2, 3.2, Refused))],
        ["proxy as the writer"] = [Writer(ProbeClients.Fresh, (2, 8, Refused)), Proxy(ProbeClients.Fresh, (2, 9, Refused))],
        ["other clients on the other way"] = [Writer(ProbeClients.Fresh, (2, 5, Refused)), Proxy(ProbeClients.Pooled, (2, 14, Refused))],
        ["silence less than half of the time"] = [Writer(ProbeClients.Fresh, (2, 5, Timeout), (5, 12, Refused))],
        ["25006 within what can be measured"] = [Writer(ProbeClients.Fresh, (2, 5, Refused), (5, 5.4, "25006"))],
        ["a short recovery"] = [Writer(ProbeClients.Fresh, (2, 5, Refused), (5, 9, "57P03"))],
        ["nothing failed"] = [Writer(ProbeClients.Fresh), Writer(ProbeClients.Pooled)],
    };

    public static TheoryData<string> UnremarkableNames => [.. Unremarkable.Keys];

    [Theory]
    [MemberData(nameof(UnremarkableNames))]
    public void Advice_OnOrdinaryLanes_IsNone(string name) => Assert.Empty(For(Unremarkable[name]));

    [Fact]
    public void Advice_OnLostWrites_SaysThatAFailoverDoesNotCostThem()
    {
        var line = Only(AdviceRules.For([Writer(ProbeClients.Fresh, (2, 5, Refused))], [], Given.Writes(lost: 5), Verdict.Failed, Reasons.WritesLost, Steady, Given.Times),
            "Database: 5 acknowledged writes are not there");

        Assert.Contains("synchronous_commit", line, StringComparison.Ordinal);
        Assert.EndsWith("The first: writer, fresh #812; writer, fresh #813; writer, fresh #814.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_OnRowsNobodyWrote_LooksForWhoDid() =>
        Only(AdviceRules.For([], [], Given.Writes(duplicated: 1, unexpected: 2), Verdict.Failed, Reasons.WritesLost, Steady, Given.Times), "Database: 1 row is there twice and 2");

    [Fact]
    public void Advice_OnWritesWithoutAnAnswerThatAreThere_AsksForAKey() =>
        Only(AdviceRules.For([], [], Given.Writes(unknownPresent: 2), Verdict.Passed, Reasons.Passed, Steady, Given.Times), "Application: 2 writes are there");

    [Theory]
    [InlineData(Reasons.NoSwitch, "RDS drops a forced failover")]
    [InlineData(Reasons.CameBack, "The same writer was back")]
    [InlineData(Reasons.SwitchUnproven, "Look at what the writer's endpoint leads to")]
    [InlineData(Reasons.NotVerified, "The rows of the test could not be read back")]
    public void Advice_OnAVoidTest_IsAboutThatAlone(string reason, string beginning) => Only(
        AdviceRules.For([Writer(ProbeClients.Fresh, (2, 30, Timeout)), Writer(ProbeClients.Pooled, (2, 1000, "25006"))], [], null, Verdict.Void, reason, null, Given.Times), beginning);

    [Fact]
    public void Advice_OverBudgetWithoutACause_IsTheDatabase()
    {
        string Told(params LaneResult[] lanes) => Only(AdviceRules.For(lanes, [], Given.Writes(), Verdict.Failed, Reasons.OverBudget, Steady, Given.Times), "Database: every way was away about as long");

        Assert.Contains("does not have", Told(Writer(ProbeClients.Fresh, (2, 30, Refused))), StringComparison.Ordinal);
        Assert.DoesNotContain("does not have", Told(Writer(ProbeClients.Fresh, (2, 30, Refused)), Proxy(ProbeClients.Fresh, (2, 31, Refused))), StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_OverBudgetWithACause_IsTheCause() => Only(
        AdviceRules.For([Writer(ProbeClients.Fresh, (2, 30, Timeout))], [], Given.Writes(), Verdict.Failed, Reasons.OverBudget, Steady, Given.Times), "Driver:");

    [Fact]
    public void Advice_OnAWorseTrend_SaysTheUsual() => Only(
        AdviceRules.For([], [], Given.Writes(), Verdict.Passed, Reasons.Passed, Steady with { GotWorse = true }, Given.Times), "It got worse: 4.0 s is the median of 9 tests");

    [Theory]
    [InlineData(ProbePath.Proxy, "Not measured: proxy, pooled (28000). See that the proxy lets")]
    [InlineData(ProbePath.Reader, "Not measured: reader, pooled (28000). See that the automation's role")]
    public void Advice_OnASilentLane_SaysWhatWasNotMeasured(object path, string beginning) => Only(
        AdviceRules.For([], [new SilentLane(Given.Lane((ProbePath)path, ProbeClients.Pooled), "28000")], Given.Writes(), Verdict.Passed, Reasons.Passed, Steady, Given.Times), beginning);
}
