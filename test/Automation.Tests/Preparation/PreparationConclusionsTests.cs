using Automation.Database;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Preparation;

namespace Automation.Tests.Preparation;

public sealed class PreparationConclusionsTests
{
    private static readonly PreparationReport Planned = new()
    {
        Database = Given.Database,
        Role = "automation",
        Plan = new BootstrapRun.Ran(["create role automation", "grant pg_monitor to automation"], ["mind this"]),
        Applied = false,
    };

    private static readonly PreparationReport Made = Planned with { Applied = true, Test = Answer(new SelfCheck("sees-every-session", true, ""), new SelfCheck("enters-when-full", false, "set reserved_connections")) };

    [Fact]
    public void Plan_IsTheAnswer_AndTellsNobody()
    {
        var conclusion = PreparationConclusions.Shown(Planned);

        Assert.Equal((Decision.Observed, Reasons.Prepared), (conclusion.Outcome.Decision, conclusion.Outcome.Reason));
        Assert.Equal("""{"plan":["create role automation","grant pg_monitor to automation"],"applied":false,"messages":["mind this"],"checks":[]}""", conclusion.Outcome.Details.GetRawText());
        Assert.Null(conclusion.Announcement);
    }

    [Fact]
    public void Done_TellsWhatWasDoneWhatTheScriptSaidAndWhatIsLeft()
    {
        var conclusion = PreparationConclusions.Done(Made);
        var text = conclusion.Announcement!.Text;

        Assert.Equal((Decision.Acted, Severity.Warning), (conclusion.Outcome.Decision, conclusion.Announcement.Severity));
        Assert.True(conclusion.Outcome.Details.GetProperty("applied").GetBoolean());
        Assert.Equal("set reserved_connections", conclusion.Outcome.Details.GetProperty("checks")[1].GetProperty("whatToDo").GetString());
        Assert.Contains("WHAT WAS DONE\n  - create role automation\n", text, StringComparison.Ordinal);
        Assert.Contains("WHAT THE SCRIPT WARNS OF\n  - mind this\n", text, StringComparison.Ordinal);
        Assert.Contains("WHAT TO DO NEXT\n  - enters-when-full: set reserved_connections\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Done_WithNothingLeftAndNothingSaid_IsForTheRecord()
    {
        var conclusion = PreparationConclusions.Done(Made with { Plan = Given.Plan("create role automation"), Test = Answer(new SelfCheck("sees-every-session", true, "")) });

        Assert.Equal(Severity.Info, conclusion.Announcement!.Severity);
        Assert.StartsWith("1 change made", conclusion.Outcome.Summary, StringComparison.Ordinal);
    }

    // It is made, and yet it failed: nobody must take a role that cannot log in for a prepared database.
    [Fact]
    public void Done_RoleThatCannotLogIn_FailsAndSaysThatItWasMade()
    {
        var conclusion = PreparationConclusions.Done(Made with { Test = new Attempt<IReadOnlyList<SelfCheck>>(new DatabaseFailure(FailureClass.Authentication, "The login was refused.", "28000")) });

        Assert.Equal((Decision.Failed, Reasons.CannotLogIn, Severity.Critical), (conclusion.Outcome.Decision, conclusion.Outcome.Reason, conclusion.Announcement!.Severity));
        Assert.True(conclusion.Outcome.Details.GetProperty("applied").GetBoolean());
        Assert.Contains("rds-db:connect", conclusion.Outcome.Summary, StringComparison.Ordinal);
        Assert.Contains("WHAT WAS DONE", conclusion.Announcement.Text, StringComparison.Ordinal);
    }

    // Nobody may take it for prepared before it is known that the master user still comes in.
    [Fact]
    public void Done_MasterUserNotSeenToComeIn_IsLeftToDo()
    {
        var conclusion = PreparationConclusions.Done(Made with { Test = Answer(), Master = new MasterLogin.Unseen(new DatabaseFailure(FailureClass.SlotsExhausted, "No slot is free.", "53300")) });

        Assert.Equal((Decision.Acted, Severity.Warning), (conclusion.Outcome.Decision, conclusion.Announcement!.Severity));
        Assert.Contains("WHAT TO DO NEXT\n  - the master user's password: see that it still logs in", conclusion.Announcement.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "automation cannot log in until rds_iam is granted again")]
    [InlineData("The session was ended.", "Log in as the master user with an IAM token (rds-db:connect on it) and run: REVOKE rds_iam FROM automation")]
    public void Stopped_MasterUserStaysShutOut_SaysTheWayBackIn(string? notRevoked, string way)
    {
        var lost = new MasterLogin.Lost(new DatabaseFailure(FailureClass.Authentication, "Refused."), notRevoked);

        var conclusion = PreparationConclusions.Stopped(Made with { Master = lost }, ObstacleRules.Of("automation", lost)!, isTold: true);

        Assert.Equal((Decision.Failed, Reasons.MasterShutOut, Severity.Critical), (conclusion.Outcome.Decision, conclusion.Outcome.Reason, conclusion.Announcement!.Severity));
        Assert.Contains(way, conclusion.Announcement.Text, StringComparison.Ordinal);
        Assert.Contains("WHAT WAS DONE", conclusion.Announcement.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_TellsNobody_ButFailsWhereTheRoleCannotLogIn()
    {
        var right = PreparationConclusions.Nothing(Planned with { Plan = Given.Plan(), Test = Answer() });
        var shutOut = PreparationConclusions.Nothing(Planned with { Plan = Given.Plan(), Test = new Attempt<IReadOnlyList<SelfCheck>>(new DatabaseFailure(FailureClass.Unreachable, "No answer.")) });

        Assert.Equal((Decision.NothingToDo, Reasons.AlreadyPrepared), (right.Outcome.Decision, right.Outcome.Reason));
        Assert.Equal((Decision.Failed, Reasons.CannotLogIn), (shutOut.Outcome.Decision, shutOut.Outcome.Reason));
        Assert.Null(right.Announcement ?? shutOut.Announcement);
    }

    [Fact]
    public void LostAnswer_IsNeitherDoneNorNotDone()
    {
        var conclusion = PreparationConclusions.Stopped(Planned with { Applied = null }, Obstacle.Failed(Reasons.UnknownOutcome, "lost"), isTold: true);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, conclusion.Outcome.Details.GetProperty("applied").ValueKind);
        Assert.Contains("MAY BE DONE", conclusion.Announcement!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stopped_IsToldOnlyWhereSomebodyAskedToAct(bool isTold)
    {
        var conclusion = PreparationConclusions.Stopped(Given.Database, Obstacle.Refused(Reasons.NoManagedSecret, "no secret"), isTold);

        Assert.Equal(isTold, conclusion.Announcement is { Severity: Severity.Warning });
        if (isTold) Assert.Contains("This run changed nothing.", conclusion.Announcement!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Switch_ThatIsOnOrCannotBeRead_Stops()
    {
        Assert.Null(PreparationConclusions.OfSwitch(new SwitchState.Running()));
        Assert.Equal(Reasons.Stopped, PreparationConclusions.OfSwitch(new SwitchState.Stopped("preparation", null))?.Reason);
        Assert.Equal(Reasons.SwitchUnreadable, PreparationConclusions.OfSwitch(new SwitchState.Unreadable("Timeout"))?.Reason);
    }

    // Whatever threw may have held what was being sent.
    [Fact]
    public void Exception_IsToldByItsTypeAlone() =>
        Assert.DoesNotContain("canary", PreparationConclusions.Of(new InvalidOperationException("canary"), CancellationToken.None).Sentence, StringComparison.Ordinal);

    private static Attempt<IReadOnlyList<SelfCheck>> Answer(params SelfCheck[] checks) => new((IReadOnlyList<SelfCheck>)checks);
}
