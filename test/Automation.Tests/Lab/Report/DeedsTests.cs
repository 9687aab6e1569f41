using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

public sealed class DeedsTests
{
    // Recorded.Decision ends at 21 s; its run took 2 s.
    private static readonly RunDecision Acted = Recorded.Decision("acted", "relieved", """{"sessions":[{"pid":1},{"pid":2}]}""");

    private static readonly RunInvocation Run = Recorded.Night.Invocations[0] with { At = Acted.At, Init = null, Run = TimeSpan.FromSeconds(2) };

    [Fact]
    public void Of_ActedWithoutACall_IsWhatWasDoneInTheDatabase()
    {
        var deed = Assert.Single(Deeds.Of([Acted], [Run], []));

        Assert.Equal((MomentKind.Action, "2 sessions ended", "orders", Acted.At), (deed.Kind, deed.Label, deed.Database, deed.At));
    }

    [Fact]
    public void Of_ActedWithItsCall_IsTheCallAlone() =>
        Assert.Equal(["CreateDBSnapshot"], Labels([Acted], [Call(20)]));

    [Theory]
    [InlineData(20d, "GrowStorage", "rds", 200)] // another function's
    [InlineData(18d, "RelieveConnections", "rds", 200)] // of an earlier run
    [InlineData(22d, "RelieveConnections", "rds", 200)] // of a later one
    [InlineData(20d, "RelieveConnections", "rds", 400)] // refused
    public void Of_ActedWhileACallIsNotTheDeed_AreBoth(double at, string function, string service, int status) =>
        Assert.Equal(["CreateDBSnapshot", "2 sessions ended"], Labels([Acted], [Call(at, function, service, status)]));

    [Theory]
    [InlineData("dynamodb", "RelieveConnections")]
    [InlineData("rds", "")]
    public void Of_ACallThatIsNoDeedOfTheAutomation_IsNone(string service, string function) => Assert.Empty(Labels([], [Call(20, function, service)]));

    [Fact]
    public void Of_ARefusedCall_IsBad() => Assert.Equal(Weight.Bad, Assert.Single(Deeds.Of([], [], [Call(20, status: 400)])).Weight);

    private static IEnumerable<string> Labels(IReadOnlyList<RunDecision> decisions, IReadOnlyList<RunCall> calls) =>
        Deeds.Of(decisions, [Run], calls).Select(deed => deed.Label);

    private static RunCall Call(double at, string function = "RelieveConnections", string service = "rds", int status = 200) =>
        new(Recorded.At(at), function.Length > 0 ? "automation" : "lab", service, "CreateDBSnapshot", "", status) { Function = function };
}
