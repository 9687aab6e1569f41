using Automation.Database;
using Automation.Outcomes;
using Automation.Preparation;

namespace Automation.Tests.Preparation;

public sealed class DecisionTests
{
    [Theory]
    [InlineData(Mode.Act, typeof(PreparationDecision.Apply))]
    [InlineData(Mode.Observe, typeof(PreparationDecision.Show))]
    [InlineData(Mode.Off, typeof(PreparationDecision.Show))]
    public void Decide_PlanWithSteps_FollowsTheMode(Mode mode, Type decision) => Assert.IsType(decision, PreparationDecision.Of(Given.Plan("create role automation"), mode));

    [Theory]
    [InlineData(Mode.Act)]
    [InlineData(Mode.Observe)]
    public void Decide_PlanWithoutSteps_IsNothingToDo(Mode mode) => Assert.IsType<PreparationDecision.Nothing>(PreparationDecision.Of(Given.Plan(), mode));

    [Theory]
    [InlineData("22023", Decision.Refused, Reasons.ScriptRefused)]
    [InlineData("42501", Decision.Refused, Reasons.NotPermitted)]
    [InlineData("25006", Decision.Refused, Reasons.ReadOnly)]
    [InlineData("55P03", Decision.Failed, Reasons.Locked)]
    [InlineData("57014", Decision.Failed, Reasons.Locked)]
    [InlineData("40P01", Decision.Failed, Reasons.Locked)]
    [InlineData("XX000", Decision.Failed, Reasons.Locked)]
    [InlineData("42601", Decision.Failed, Reasons.DatabaseError)]
    public void Decide_ScriptThatWasRefused_StopsWithItsWordsAndHint(string state, Decision decision, string reason)
    {
        var stop = Assert.IsType<PreparationDecision.Stop>(PreparationDecision.Of(new BootstrapRun.Refused(state, "role exists", "Choose another.\nOr adopt it."), Mode.Act));

        Assert.Equal((decision, reason), (stop.Obstacle.Decision, stop.Obstacle.Reason));
        Assert.Contains("role exists (Choose another.; Or adopt it.)", stop.Obstacle.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureClass.Authentication, "28P01", Decision.Refused, Reasons.MasterRefused)]
    [InlineData(FailureClass.Authentication, null, Decision.Refused, Reasons.LoginNotScram)]
    [InlineData(FailureClass.TlsNotVerified, null, Decision.Refused, Reasons.TlsNotVerified)]
    [InlineData(FailureClass.ReadOnly, "25006", Decision.Refused, Reasons.ReadOnly)]
    [InlineData(FailureClass.SlotsExhausted, "53300", Decision.Failed, Reasons.NoSlots)]
    [InlineData(FailureClass.RoleLimit, "53300", Decision.Failed, Reasons.NoSlots)]
    [InlineData(FailureClass.DatabaseLimit, "53300", Decision.Failed, Reasons.NoSlots)]
    [InlineData(FailureClass.Unreachable, null, Decision.Failed, Reasons.Unreachable)]
    [InlineData(FailureClass.StartingUp, "57P03", Decision.Failed, Reasons.Unreachable)]
    [InlineData(FailureClass.ShuttingDown, "57P01", Decision.Failed, Reasons.Unreachable)]
    [InlineData(FailureClass.UnknownOutcome, null, Decision.Failed, Reasons.UnknownOutcome)]
    [InlineData(FailureClass.Other, "3D000", Decision.Failed, Reasons.DatabaseError)]
    public void Failure_OfEveryClass_HasAReason(FailureClass failure, string? state, Decision decision, string reason)
    {
        var obstacle = ObstacleRules.Of(Given.Database, new DatabaseFailure(failure, "the server's words.", state));

        Assert.Equal((decision, reason), (obstacle.Decision, obstacle.Reason));
    }

    [Fact]
    public void Failure_EveryClass_IsInTheTableAbove() => Assert.All(
        Enum.GetValues<FailureClass>(), failure => Assert.NotEmpty(ObstacleRules.Of(Given.Database, new DatabaseFailure(failure, "words")).Sentence));
}
