using Automation.Lab.Soak;
using Automation.Lab.Soak.Invariants;

namespace Automation.Tests.Lab.Soak;

/// <summary>Each invariant with records that hold, and with records that violate it.</summary>
public sealed class InvariantTests
{
    [Fact]
    public void Verdict_CheckedOnNothing_DoesNotHold() => Assert.All(SoakChecker.Judge(new SoakFacts()), verdict =>
    {
        Assert.Equal(0, verdict.Checked);
        Assert.False(verdict.Holds);
    });

    [Fact]
    public void KeptWrites_UnknownRowIsThere_Holds() => Holds(KeptWrites.Judge(Rows([1, 2], [1, 2, 3])), 2);

    [Fact]
    public void KeptWrites_AcknowledgedRowIsGone_IsViolated() => Violated(KeptWrites.Judge(Rows([1, 2], [1])));

    [Fact]
    public void SparedSessions_EndedOneIsInTheLedger_Holds() => Holds(SparedSessions.Judge(new SoakFacts
    {
        Sessions = [Given.Session("1-a", isProtected: false, lived: false), Given.Session("2-a", isProtected: true, lived: true)],
        Actions = [Given.Record("terminate-session", "1-a", 0)],
    }), 2);

    [Fact]
    public void SparedSessions_ProtectedOneIsEnded_IsViolatedEvenIfItIsInTheLedger() => Violated(SparedSessions.Judge(new SoakFacts
    {
        Sessions = [Given.Session("1-a", isProtected: true, lived: false)],
        Actions = [Given.Record("terminate-session", "1-a", 0)],
    }));

    [Fact]
    public void SparedSessions_OnlyThePidIsInTheLedger_IsViolated() => Violated(SparedSessions.Judge(new SoakFacts
    {
        Sessions = [Given.Session("1-b", isProtected: false, lived: false)],
        Actions = [Given.Record("terminate-session", "1-a", 0)],
    }));

    [Fact]
    public void RightDeletions_OfThoseThatNoTierKeeps_Holds() => Holds(RightDeletions.Judge(new SoakFacts { Deletions = [new Deletion("old", Shelf), new Deletion("third hour", Shelf)] }), 2);

    [Theory]
    [InlineData("newest")]
    [InlineData("second hour")]
    [InlineData("second day")]
    [InlineData("held")]
    [InlineData("failed")]
    [InlineData("manual")]
    [InlineData("unknown")]
    public void RightDeletions_OfOneThatStays_IsViolated(string id) => Violated(RightDeletions.Judge(Deleted(id, Shelf)));

    [Fact]
    public void WorkingLogins_OneIsRefused_IsViolated()
    {
        Holds(WorkingLogins.Judge(new SoakFacts { Logins = [new LastLogin("orders", "application", null)] }), 1);
        Violated(WorkingLogins.Judge(new SoakFacts { Logins = [new LastLogin("orders", "application", "28P01")] }));
    }

    [Fact]
    public void ActedOnce_RetryThatWasRefused_Holds() => Holds(ActedOnce.Judge(new SoakFacts
    {
        Calls = [Given.Call("create-snapshot", "a", 1), Given.Call("create-snapshot", "a", 2, tookEffect: false)],
    }), 1);

    [Fact]
    public void ActedOnce_FailoverIsAskedForAgainAndRefused_IsViolated() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Calls = [Given.Call("force-failover", "trial", 1), Given.Call("force-failover", "trial", 2, tookEffect: false)],
        Actions = [Given.Record("force-failover", "trial", 0)],
    }));

    [Fact]
    public void ActedOnce_TwoEffectsOfOneRecord_IsViolated() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Calls = [Given.Call("force-failover", "trial", 1), Given.Call("force-failover", "trial", 2)],
        Actions = [Given.Record("force-failover", "trial", 0)],
    }));

    [Fact]
    public void ActedOnce_VersionBecomesCurrentTwice_IsViolatedWhateverTheRecords() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Calls = [Given.Call("change-secret", "v1", 1), Given.Call("change-secret", "v1", 2)],
        Actions = [Given.Record("change-secret", "v1", 0), Given.Record("change-secret", "v1", 0.5)],
    }));

    [Fact]
    public void ActedOnce_FinishedIncidentIsActedOnAgain_IsViolated() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Actions = [Given.Record("terminate-session", "1-a", 0, request: "r-1"), Given.Record("terminate-session", "2-a", 5, request: "r-2")],
        Invocations = [Given.Invocation("r-1")],
    }));

    [Fact]
    public void ActedOnce_DeadRunIsTakenUpByAnother_Holds() => Holds(ActedOnce.Judge(new SoakFacts
    {
        Actions = [Given.Record("terminate-session", "1-a", 0, request: "r-1"), Given.Record("terminate-session", "2-a", 5, request: "r-2")],
        Invocations = [Given.Invocation("r-1", succeeded: false)],
    }), 1);

    [Fact]
    public void ActedOnce_SecondSnapshotOfASlotAfterOneThatFailed_Holds() => Holds(ActedOnce.Judge(new SoakFacts
    {
        Snapshots = [Given.Snapshot("auto", 1, available: false), Given.Snapshot("auto-2", 1)],
    }), 1);

    [Fact]
    public void ActedOnce_TwoWholeSnapshotsOfASlot_IsViolated() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Snapshots = [Given.Snapshot("auto", 1), Given.Snapshot("auto-2", 1)],
    }));

    [Fact]
    public void RecordedBefore_RecordWasAnswered_Holds() => Holds(RecordedBefore.Judge(new SoakFacts
    {
        Calls = [Given.Call("grow-storage", "50", 1)],
        Actions = [Given.Record("grow-storage", "50", 0)],
    }), 1);

    [Theory]
    [InlineData("grow-storage", "50", 2)] // written after the call
    [InlineData("grow-storage", "50", 0.95)] // not answered when the call came
    [InlineData("grow-storage", "60", 0)] // of another size
    [InlineData("delete-snapshot", "50", 0)] // of another action
    public void RecordedBefore_NoSuchRecordBefore_IsViolated(string action, string key, double at) => Violated(RecordedBefore.Judge(new SoakFacts
    {
        Calls = [Given.Call("grow-storage", "50", 1)],
        Actions = [Given.Record(action, key, at)],
    }));

    [Fact]
    public void RecordedBefore_CallThatIsNoActionOfOurs_IsViolated() => Violated(RecordedBefore.Judge(new SoakFacts
    {
        Calls = [Given.Call("", "DeleteDBInstance", 1)],
        Actions = [Given.Record("delete-snapshot", "DeleteDBInstance", 0)],
    }));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void RecordedBefore_EndedSession_LivedWhenItsRecordCame(bool lived, bool holds) => Assert.Equal(holds, RecordedBefore.Judge(new SoakFacts
    {
        Sessions = [Given.Session("1-a", isProtected: false, lived: false)],
        Actions = [Given.Record("terminate-session", "1-a", 0, lived: lived)],
    }).Holds);

    [Theory]
    [InlineData("unreachable", "the server does not answer", true)]
    [InlineData("made-up", "the server does not answer", false)]
    [InlineData("unreachable", "", false)]
    public void ExplainedEndings_OfARefusal_NeedAReasonAndASentence(string reason, string sentence, bool holds) => Assert.Equal(holds, ExplainedEndings.Judge(new SoakFacts
    {
        KnownReasons = new HashSet<string> { "unreachable" },
        Invocations = [Given.Invocation("r-1", outcomes: new OutcomeSeen("refused", reason, sentence))],
    }).Holds);

    [Fact]
    public void ExplainedEndings_FailureWithoutATrace_IsViolated() => Violated(ExplainedEndings.Judge(new SoakFacts { Invocations = [Given.Invocation("r-1", succeeded: false, logged: false)] }));

    [Fact]
    public void ExplainedEndings_FinalFailureNobodyHearsOf_IsViolated() => Violated(ExplainedEndings.Judge(new SoakFacts { FinalFailures = [new FinalFailure("an event was dropped", Told: false)] }));

    [Fact]
    public void KeptBudgets_AsManySessionsAsAllowed_Holds() => Holds(KeptBudgets.Judge(Ended(SoakNames.MaxSessions, _ => "one alarm")), SoakNames.MaxSessions);

    [Fact]
    public void KeptBudgets_OneSessionTooManyForAnAlarm_IsViolated() => Violated(KeptBudgets.Judge(Ended(SoakNames.MaxSessions + 1, _ => "one alarm")));

    [Fact]
    public void KeptBudgets_OneSessionTooManyInAnHour_IsViolated() => Violated(KeptBudgets.Judge(Ended(KeptBudgets.SessionsPerHour + 1, n => $"alarm {n}")));

    [Fact]
    public void KeptBudgets_DiskBeyondItsLimit_IsViolated()
    {
        Holds(KeptBudgets.Judge(new SoakFacts { Calls = [Given.Call("grow-storage", "60", 0)] }), 1);
        Violated(KeptBudgets.Judge(new SoakFacts { Calls = [Given.Call("grow-storage", "61", 0)] }));
    }

    [Fact]
    public void KeptBudgets_SecondFailoverWithinTheHour_IsViolated() => Violated(KeptBudgets.Judge(new SoakFacts
    {
        Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("trial", Given.At(30), null)],
    }));

    [Fact]
    public void KeptBudgets_TwoFailoversAtOnce_IsViolated()
    {
        Holds(KeptBudgets.Judge(new SoakFacts { Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("demo", Given.At(3), Given.At(4))] }), 2);
        Violated(KeptBudgets.Judge(new SoakFacts { Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("demo", Given.At(1), Given.At(3))] }));
    }

    [Fact]
    public void NoSecrets_PasswordInALog_IsViolatedAndNotRepeated()
    {
        var verdict = NoSecrets.Judge(Written("the log of RotateSecretFunction", "the next password is hunter2!"));

        Violated(verdict);
        Assert.DoesNotContain("hunter2", string.Concat(verdict.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void NoSecrets_WhereTheLabItselfPutIt_Holds() => Holds(NoSecrets.Judge(Written("a server's log", "CREATE ROLE application PASSWORD 'hunter2!'")), 1);

    [Fact]
    public void ObeyedSwitch_ActionsBeforeAndAfter_Hold() => Holds(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "a", 9), Given.Call("create-snapshot", "a", 10.5))), 2);

    [Fact]
    public void ObeyedSwitch_RecordWhileItIsThrown_IsViolated() => Violated(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "a", 11), Given.Call("create-snapshot", "a", 16))));

    [Fact]
    public void ObeyedSwitch_CallWithoutAnEarlierRecord_IsViolated() => Violated(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "b", 9), Given.Call("create-snapshot", "a", 12))));

    [Fact]
    public void ObeyedSwitch_RotationGoesOnToItsLabel_Holds() => Holds(ObeyedSwitch.Judge(Stopped(Given.Record("change-secret", "v1", 9), Given.Call("change-secret", "v1", 12))), 2);

    // Policy: two hourly ones, two daily ones. Now is 03:00.
    private static readonly ShelfSnapshot[] Shelf =
    [
        Given.Snapshot("newest", 0), Given.Snapshot("second hour", 1), Given.Snapshot("third hour", 2), Given.Snapshot("second day", 10), Given.Snapshot("old", 30),
        Given.Snapshot("held", 40, held: true), Given.Snapshot("failed", 50, available: false), new("manual", "orders", null, true),
    ];

    private static SoakFacts Rows(HashSet<long> acknowledged, HashSet<long> present) => new() { Writers = [new WrittenRows("a writer", acknowledged, present)] };

    private static SoakFacts Deleted(string id, ShelfSnapshot[] shelf) => new() { Deletions = [new Deletion(id, shelf)] };

    private static SoakFacts Ended(int count, Func<int, string> incident) => new()
    {
        Actions = [.. Enumerable.Range(0, count).Select(n => Given.Record("terminate-session", $"{n}-a", n, incident(n)))],
    };

    private static SoakFacts Written(string source, string text) => new()
    {
        Texts = [new Writing(source, text)],
        Canaries = [new Canary("orders/application", "hunter2!", NotIn: "a server's log")],
    };

    private static SoakFacts Stopped(ActionWritten record, MutatingCall call) => new()
    {
        Stops = [new SwitchWindow(Given.At(10), Given.At(15))],
        Actions = [record],
        Calls = [call],
    };

    private static void Holds(Verdict verdict, int checkedOn) => Assert.Equal((true, checkedOn), (verdict.Holds, verdict.Checked));

    private static void Violated(Verdict verdict)
    {
        Assert.NotEmpty(verdict.Violations);
        Assert.False(verdict.Holds);
    }
}
