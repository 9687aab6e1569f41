using Automation.Lab.Soak;
using Automation.Lab.Soak.Invariants;

namespace Automation.Tests.Lab.Soak;

/// <summary>Each invariant with records that hold, and with records that violate it.</summary>
public sealed class InvariantTests
{
    [Fact]
    public void Verdict_CheckedOnNothing_DoesNotHold() => Assert.All(SoakChecker.Judge(new SoakFacts()), verdict =>
    {
        Assert.All(verdict.Shown, of => Assert.Equal(0, of.Count));
        Assert.False(verdict.Holds);
    });

    // What every soak has, invariant by invariant: only the rest may be absent.
    [Theory]
    [InlineData(1, "writers")]
    [InlineData(2, "protected sessions", "sessions that ended")]
    [InlineData(3, "deletions")]
    [InlineData(4, "applications whose password was changed", "logins meanwhile")]
    [InlineData(5, "alarms acted on", "snapshots begun", "slots", "labels moved")]
    [InlineData(6, "sessions that ended", "passwords", "labels", "snapshots made or deleted")]
    [InlineData(7, "answers")]
    [InlineData(8, "sessions")]
    [InlineData(9, "secrets", SoakTexts.FunctionLogs, SoakTexts.Notifications, SoakTexts.Ledger, SoakTexts.ServerLogs, SoakTexts.Answers)]
    [InlineData(10, "invocations that met it", "that stopped for it", "of RelieveConnectionsFunction", "of TakeSnapshotsFunction", "of ReconcileSnapshotsFunction", "of RotateSecretFunction")]
    public void Verdict_OfASoakInWhichNothingHappened_MissesWhatEverySoakHas(int number, params string[] missing)
    {
        var verdict = SoakChecker.Judge(new SoakFacts())[number - 1];

        Assert.StartsWith($"{number} ", verdict.Invariant, StringComparison.Ordinal);
        Assert.Equal(missing, verdict.Missing);
    }

    [Fact]
    public void KeptWrites_OfAWriterThatWroteNothing_DoesNotHold() => Assert.Equal(["rows of a writer"], KeptWrites.Judge(Rows([], [])).Missing);

    // No more than that: no failover, no growth, no client that comes back, nothing killed, no budget used up.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Verdict_OfASoakWithWhatEverySoakHas_Holds(int number)
    {
        var verdict = SoakChecker.Judge(Ordinary)[number - 1];

        Assert.Empty(verdict.Violations);
        Assert.Empty(verdict.Missing);
        Assert.True(verdict.Holds);
    }

    [Fact]
    public void Judge_OfAViolationThatQuotesASecret_DoesNotRepeatIt()
    {
        var violations = SoakChecker.Judge(Written(SoakTexts.Answers, "") with
        {
            FinalFailures = [new FinalFailure("a rotation failed: ALTER ROLE application PASSWORD 'hunter2!'", Told: false)],
        }).SelectMany(verdict => verdict.Violations);

        Assert.Contains("nobody hears that a rotation failed: ALTER ROLE application PASSWORD '***'", violations);
    }

    [Fact]
    public void Verdict_WithoutWhatEverySoakHas_DoesNotHold()
    {
        var verdict = new Verdict("x", [new(100, "snapshots"), new(0, "sessions"), new(0, "failovers", MayBeAbsent: true)], []);

        Assert.Equal(["sessions"], verdict.Missing);
        Assert.False(verdict.Holds);
        Assert.Equal("0 failovers (not shown)", verdict.Shown[^1].Text);
    }

    [Fact]
    public void Verdict_WithoutWhatMayBeAbsent_Holds() => Assert.True(new Verdict("x", [new(1, "sessions"), new(0, "failovers", MayBeAbsent: true)], []).Holds);

    // A hundred snapshots say nothing about a failover.
    [Fact]
    public void Verdict_OfEachInvariant_NamesFailoversWhereNoneWere() => Assert.All(
        [KeptWrites.Judge(new SoakFacts()), ActedOnce.Judge(new SoakFacts()), RecordedBefore.Judge(new SoakFacts()), KeptBudgets.Judge(new SoakFacts())],
        verdict => Assert.Contains(verdict.Shown, of => of.Count == 0 && (of.What.Contains("failover", StringComparison.Ordinal))));

    [Fact]
    public void KeptWrites_UnknownRowIsThere_Holds() => Unviolated(KeptWrites.Judge(Rows([1, 2], [1, 2, 3])), 3);

    [Fact]
    public void KeptWrites_AcknowledgedRowIsGone_IsViolated() => Violated(KeptWrites.Judge(Rows([1, 2], [1])));

    [Fact]
    public void SparedSessions_EndedOneIsInTheLedger_Holds() => Unviolated(SparedSessions.Judge(new SoakFacts
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

    // Gone before anybody could ask when it began.
    [Theory]
    [InlineData("17-20260114030000000000", true)]
    [InlineData("171-20260114030000000000", false)]
    public void SparedSessions_WhoseStartNobodyKnows_IsNamedByItsPid(string record, bool holds) => Assert.Equal(holds, SparedSessions.Judge(new SoakFacts
    {
        Sessions = [Given.Session(SessionKey.Of(17, null), isProtected: false, lived: false)],
        Actions = [Given.Record("terminate-session", record, 0)],
    }).Violations.Count == 0);

    [Fact]
    public void RecordedBefore_SessionWhoseStartNobodyKnows_IsShown() => Assert.Equal(1, RecordedBefore.Judge(new SoakFacts
    {
        Sessions = [Given.Session(SessionKey.Of(17, null), isProtected: false, lived: false)],
        Actions = [Given.Record("terminate-session", "17-20260114030000000000", 0, untouched: true)],
    }).Shown.Single(of => of.What == "sessions that ended").Count);

    [Fact]
    public void RightDeletions_OfThoseThatNoTierKeeps_Holds()
    {
        var verdict = RightDeletions.Judge(new SoakFacts { Deletions = [new Deletion("old", Shelf), new Deletion("third hour", Shelf)] });

        Assert.True(verdict.Holds);
        Assert.Equal([2, 1, 1, 1], verdict.Shown.Select(of => of.Count)); // deleted; held, failed and made by people, and so left
    }

    // A hold shows only on a snapshot that would have gone without it.
    [Fact]
    public void RightDeletions_HeldOneThatThePolicyKeepsAnyway_ShowsNothingOfUnviolated() => Assert.Equal(0, RightDeletions.Judge(
        Deleted("old", [Given.Snapshot("newest", 0, held: true), Given.Snapshot("day", 10), Given.Snapshot("old", 60)])).Shown.Single(of => of.What.StartsWith("held", StringComparison.Ordinal)).Count);

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
    public void WorkingLogins_LastOneIsRefused_IsViolated()
    {
        Unviolated(WorkingLogins.Judge(Rotated(new LastLogin("orders", "application", null))), 1);
        Violated(WorkingLogins.Judge(Rotated(new LastLogin("orders", "application", "28P01"))));
    }

    [Fact]
    public void WorkingLogins_OfDatabasesThatNeverRotated_SayNothing() =>
        Unviolated(WorkingLogins.Judge(Rotated(new LastLogin("trial", "application", null))), 0);

    // A version is between database and label from 10 to 12.1; an application that is locked out at any other time is locked out.
    [Theory]
    [InlineData(10.5, 11, true)]
    [InlineData(9, 10, true)]
    [InlineData(12.05, 13, true)]
    [InlineData(8, 9.9, false)]
    [InlineData(12.2, 13, false)]
    public void WorkingLogins_RefusedMeanwhile_IsBetweenPasswordAndLabel(double from, double to, bool holds) => Assert.Equal(
        holds, WorkingLogins.Judge(Rotated(new LastLogin("orders", "application", null), Given.Login(from, to))).Violations.Count == 0);

    [Fact]
    public void WorkingLogins_RefusedWhileAnotherDatabaseRotates_IsViolated() => Violated(WorkingLogins.Judge(
        Rotated(new LastLogin("orders", "application", null), Given.Login(10.5, 11) with { Database = "trial" })));

    [Fact]
    public void WorkingLogins_RefusedAfterARotationThatNeverCameToItsLabel_Holds() => Assert.Empty(WorkingLogins.Judge(
        Rotated(new LastLogin("orders", "application", null), Given.Login(50, 51)) with { Calls = [] }).Violations);

    [Fact]
    public void ActedOnce_RetryThatWasRefused_Holds() => Unviolated(ActedOnce.Judge(new SoakFacts
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
    public void ActedOnce_DeadRunIsTakenUpByAnother_Holds() => Unviolated(ActedOnce.Judge(new SoakFacts
    {
        Actions = [Given.Record("terminate-session", "1-a", 0, request: "r-1"), Given.Record("terminate-session", "2-a", 5, request: "r-2")],
        Invocations = [Given.Invocation("r-1", succeeded: false)],
    }), 1);

    [Fact]
    public void ActedOnce_SecondSnapshotOfASlotAfterOneThatFailed_Holds() => Unviolated(ActedOnce.Judge(new SoakFacts
    {
        Snapshots = [Given.Snapshot("auto", 1, available: false), Given.Snapshot("auto-2", 1)],
    }), 1);

    [Fact]
    public void ActedOnce_TwoWholeSnapshotsOfASlot_IsViolated() => Violated(ActedOnce.Judge(new SoakFacts
    {
        Snapshots = [Given.Snapshot("auto", 1), Given.Snapshot("auto-2", 1)],
    }));

    [Fact]
    public void RecordedBefore_RecordWasAnswered_Holds() => Unviolated(RecordedBefore.Judge(new SoakFacts
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
    public void RecordedBefore_EndedSession_LivedWhenItsRecordCame(bool untouched, bool holds) => Assert.Equal(holds, RecordedBefore.Judge(new SoakFacts
    {
        Sessions = [Given.Session("1-a", isProtected: false, lived: false)],
        Actions = [Given.Record("terminate-session", "1-a", 0, untouched: untouched)],
    }).Violations.Count == 0);

    // The first violation that slipped through: ALTER ROLE before the record.
    [Theory]
    [InlineData(true, true)]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public void RecordedBefore_Password_WasTheOldOneWhenItsRecordCame(bool? untouched, bool holds) => Assert.Equal(holds, RecordedBefore.Judge(new SoakFacts
    {
        Actions = [Given.Record("change-secret", "v1", 0, untouched: true), Given.Record("change-secret", "v1", 5, untouched: untouched)],
    }).Violations.Count == 0);

    [Fact]
    public void RecordedBefore_LabelOfAVersionThatNoRecordNames_IsViolated() => Violated(RecordedBefore.Judge(new SoakFacts
    {
        Calls = [Given.Call("change-secret", "v2", 5)],
        Actions = [Given.Record("change-secret", "v1", 0)],
    }));

    [Theory]
    [InlineData("unreachable", "the server does not answer", true)]
    [InlineData("made-up", "the server does not answer", false)]
    [InlineData("unreachable", "", false)]
    public void ExplainedEndings_OfARefusal_NeedAReasonAndASentence(string reason, string sentence, bool holds) => Assert.Equal(holds, ExplainedEndings.Judge(new SoakFacts
    {
        KnownReasons = new HashSet<string> { "unreachable" },
        Invocations = [Given.Invocation("r-1", outcomes: new OutcomeSeen("refused", reason, sentence))],
    }).Violations.Count == 0);

    // A function that crashes by itself is not one that the soak killed.
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void ExplainedEndings_ProcessThatEnded_WasKilled(bool wasKilled, bool holds) => Assert.Equal(holds, ExplainedEndings.Judge(new SoakFacts
    {
        Invocations = [Given.Invocation("r-1", succeeded: false, logged: false) with { ProcessEnded = true, WasKilled = wasKilled }],
    }).Violations.Count == 0);

    [Fact]
    public void ExplainedEndings_FailureWithoutATrace_IsViolated() => Violated(ExplainedEndings.Judge(new SoakFacts { Invocations = [Given.Invocation("r-1", succeeded: false, logged: false)] }));

    [Fact]
    public void ExplainedEndings_FinalFailureNobodyHearsOf_IsViolated() => Violated(ExplainedEndings.Judge(new SoakFacts { FinalFailures = [new FinalFailure("an event was dropped", Told: false)] }));

    [Fact]
    public void KeptBudgets_AsManySessionsAsAllowed_Holds() => Unviolated(KeptBudgets.Judge(Ended(SoakNames.MaxSessions, _ => "one alarm")), SoakNames.MaxSessions);

    [Fact]
    public void KeptBudgets_OneSessionTooManyForAnAlarm_IsViolated() => Violated(KeptBudgets.Judge(Ended(SoakNames.MaxSessions + 1, _ => "one alarm")));

    [Fact]
    public void KeptBudgets_OneSessionTooManyInAnHour_IsViolated() => Violated(KeptBudgets.Judge(Ended(KeptBudgets.SessionsPerHour + 1, n => $"alarm {n}")));

    [Fact]
    public void KeptBudgets_DiskBeyondItsLimit_IsViolated()
    {
        Unviolated(KeptBudgets.Judge(new SoakFacts { Calls = [Given.Call("grow-storage", "50", 0)] }), 1);
        Violated(KeptBudgets.Judge(new SoakFacts { Calls = [Given.Call("grow-storage", "51", 0)] }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a lot")]
    public void KeptBudgets_DiskIsAskedForWithoutASize_IsViolated(string size) => Violated(KeptBudgets.Judge(new SoakFacts { Calls = [Given.Call("grow-storage", size, 0)] }));

    [Theory]
    [InlineData(true, "orders", false)]
    [InlineData(false, "orders", true)] // the first one was not taken
    [InlineData(true, "events", true)]
    public void KeptBudgets_SecondGrowth_IsOfAnotherDatabase(bool tookEffect, string second, bool holds) => Assert.Equal(holds, KeptBudgets.Judge(new SoakFacts
    {
        Calls = [Given.Call("grow-storage", "44", 0, tookEffect), Given.Call("grow-storage", "48", 10, database: second)],
    }).Violations.Count == 0);

    // Half of the budget was used up before the soak began.
    [Theory]
    [InlineData(10, 300, true)]
    [InlineData(11, 300, false)]
    [InlineData(11, 3700, true)] // an hour later
    public void KeptBudgets_SessionsOfTheHourBefore_Count(int now, double secondsAgo, bool holds) => Assert.Equal(holds, KeptBudgets.Judge(Ended(now, n => $"alarm {n}") with
    {
        EndedEarlier = [.. Enumerable.Range(0, KeptBudgets.SessionsPerHour - 10).Select(_ => new SessionEnded("orders", Given.At(-secondsAgo)))],
    }).Violations.Count == 0);

    [Fact]
    public void KeptBudgets_SecondFailoverWhileOneDoesNotEnd_IsViolated() => Violated(KeptBudgets.Judge(new SoakFacts
    {
        Failovers = [new FailoverSeen("trial", Given.At(0), null), new FailoverSeen("demo", Given.At(30), Given.At(32))],
    }));

    [Fact]
    public void KeptBudgets_SecondFailoverAfterAnHour_Holds() => Unviolated(KeptBudgets.Judge(new SoakFacts
    {
        Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("trial", Given.At(3601), Given.At(3603))],
    }), 2);

    [Fact]
    public void KeptBudgets_SecondFailoverWithinTheHour_IsViolated() => Violated(KeptBudgets.Judge(new SoakFacts
    {
        Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("trial", Given.At(30), null)],
    }));

    [Fact]
    public void KeptBudgets_TwoFailoversAtOnce_IsViolated()
    {
        Unviolated(KeptBudgets.Judge(new SoakFacts { Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("demo", Given.At(3), Given.At(4))] }), 2);
        Violated(KeptBudgets.Judge(new SoakFacts { Failovers = [new FailoverSeen("trial", Given.At(0), Given.At(2)), new FailoverSeen("demo", Given.At(1), Given.At(3))] }));
    }

    [Fact]
    public void NoSecrets_PasswordInALog_IsViolatedAndNotRepeated()
    {
        var verdict = NoSecrets.Judge(Written(SoakTexts.FunctionLogs, "the next password is hunter2!"));

        Violated(verdict);
        Assert.DoesNotContain("hunter2", string.Concat(verdict.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void NoSecrets_WhereTheLabItselfPutIt_Holds() => Unviolated(NoSecrets.Judge(Written(SoakTexts.ServerLogs, "CREATE ROLE application PASSWORD 'hunter2!'")), 2);

    [Fact]
    public void ObeyedSwitch_ActionsBeforeAndAfter_Hold() => Assert.Empty(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "a", 9), Given.Call("create-snapshot", "a", 10.5))).Violations);

    // The switch was thrown from 10 to 15.
    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(16, 20, false)]
    [InlineData(9, 11, true)]
    [InlineData(11, 12, true)]
    [InlineData(14, 30, true)]
    public void ObeyedSwitch_ByInvocationsThatMetIt_Alone(double from, double to, bool met) => Assert.Equal(met ? 1 : 0, ObeyedSwitch.Judge(new SoakFacts
    {
        Stops = [Stop],
        Invocations = [Given.Invocation("r-1") with { BegunAt = Given.At(from), EndedAt = Given.At(to) }],
    }).Shown.Single(of => of.What == "invocations that met it").Count);

    // Only who was there from beginning to end, and was not cut short, had to obey all the while.
    [Theory]
    [InlineData(SoakNames.Take, 11, 12, "", false, true)]
    [InlineData(SoakNames.Take, 10, 15, "", false, true)]
    [InlineData(SoakNames.Take, 9, 12, "stopped", false, false)]
    [InlineData(SoakNames.Take, 14, 16, "stopped", false, false)]
    [InlineData(SoakNames.Take, 11, 12, "", true, false)]
    [InlineData(SoakNames.Relieve, 11, 12, "stopped", false, true)]
    [InlineData(SoakNames.Relieve, 11, 12, "not-in-alarm", false, false)] // the end of an alarm has nothing to stop for
    public void ObeyedSwitch_OfAFunction_ThatWasUnderIt(string function, double from, double to, string reason, bool killed, bool under)
    {
        IReadOnlyList<InvocationSeen> invocations =
            [Given.Invocation("r-1", outcomes: new OutcomeSeen("refused", reason, "a sentence")) with { Function = function, BegunAt = Given.At(from), EndedAt = Given.At(to), ProcessEnded = killed }];

        Assert.Equal(!under, ObeyedSwitch.Missing(Stop, invocations).Contains(function));
        Assert.Equal(!under, ObeyedSwitch.Judge(new SoakFacts { Stops = [Stop], Invocations = invocations }).Missing.Contains($"of {function}"));
    }

    // One function that stops says nothing about the others.
    [Fact]
    public void ObeyedSwitch_ByOneFunctionAlone_DoesNotHold() => Assert.False(ObeyedSwitch.Judge(new SoakFacts
    {
        Stops = [Stop],
        Invocations = [UnderTheSwitch(SoakNames.Grow)],
    }).Holds);

    [Fact]
    public void ObeyedSwitch_NobodyStoppedForIt_DoesNotHold() => Assert.Contains("that stopped for it", ObeyedSwitch.Judge(new SoakFacts
    {
        Stops = [new SwitchWindow(Given.At(0), Given.At(5))],
        Invocations = [Given.Invocation("r-1", outcomes: new OutcomeSeen("nothing-to-do", "not-in-alarm", "the alarm is over"))],
    }).Missing);

    [Fact]
    public void ObeyedSwitch_LabelWhoseRecordIsFromThen_IsViolated() => Violated(ObeyedSwitch.Judge(Stopped(Given.Record("change-secret", "v2", 9), Given.Call("change-secret", "v1", 12))));

    [Fact]
    public void ObeyedSwitch_RecordWhileItIsThrown_IsViolated() => Violated(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "a", 11), Given.Call("create-snapshot", "a", 16))));

    [Fact]
    public void ObeyedSwitch_CallWithoutAnEarlierRecord_IsViolated() => Violated(ObeyedSwitch.Judge(Stopped(Given.Record("create-snapshot", "b", 9), Given.Call("create-snapshot", "a", 12))));

    [Fact]
    public void ObeyedSwitch_RotationGoesOnToItsLabel_Holds() => Assert.Empty(ObeyedSwitch.Judge(Stopped(Given.Record("change-secret", "v1", 9), Given.Call("change-secret", "v1", 12))).Violations);

    // Policy: two hourly ones, two daily ones. Now is 03:00.
    private static readonly ShelfSnapshot[] Shelf =
    [
        Given.Snapshot("newest", 0), Given.Snapshot("second hour", 1), Given.Snapshot("third hour", 2), Given.Snapshot("second day", 10), Given.Snapshot("old", 30),
        Given.Snapshot("held", 40, held: true), Given.Snapshot("failed", 50, available: false), new("manual", "orders", null, true),
    ];

    private static readonly SwitchWindow Stop = new(Given.At(10), Given.At(15));

    /// <summary>What no soak is without.</summary>
    private static readonly SoakFacts Ordinary = new()
    {
        Writers = [new WrittenRows("a writer", new HashSet<long> { 1 }, new HashSet<long> { 1 })],
        Sessions = [Given.Session("1-a", isProtected: true, lived: true), Given.Session("2-a", isProtected: false, lived: false)],
        Deletions = [new Deletion("old", [Given.Snapshot("newest", 0), Given.Snapshot("second hour", 1), Given.Snapshot("second day", 10), Given.Snapshot("old", 60)])],
        Snapshots = [Given.Snapshot("newest", 0)],
        Actions = [Given.Record("terminate-session", "2-a", 1, untouched: true), Given.Record("create-snapshot", "newest", 1), Given.Record("change-secret", "v1", 1, untouched: true)],
        Calls = [Given.Call("create-snapshot", "newest", 2), Given.Call("change-secret", "v1", 2)],
        Logins = [new LastLogin("orders", "application", null)],
        Attempts = [Given.Login(0, 1, gotIn: true)],
        KnownReasons = new HashSet<string> { "stopped" },
        Invocations = [.. ObeyedSwitch.Meeting.Select(UnderTheSwitch)],
        Stops = [Stop],
        Canaries = [new Canary("a password", "hunter2!")],
        Texts = [.. SoakTexts.Kinds.Where(kind => kind != SoakTexts.DeadLetters).Select(kind => new Writing(kind, "a source", "nothing"))],
    };

    private static InvocationSeen UnderTheSwitch(string function) =>
        Given.Invocation("r-1", outcomes: new OutcomeSeen("refused", "stopped", "the kill switch is thrown")) with { Function = function, BegunAt = Given.At(11), EndedAt = Given.At(12) };

    private static SoakFacts Rows(HashSet<long> acknowledged, HashSet<long> present) => new() { Writers = [new WrittenRows("a writer", acknowledged, present)] };

    private static SoakFacts Deleted(string id, ShelfSnapshot[] shelf) => new() { Deletions = [new Deletion(id, shelf)] };

    // Password at 10, label from 12 to 12.1.
    private static SoakFacts Rotated(LastLogin last, params LoginSeen[] meanwhile) => new()
    {
        Actions = [Given.Record("change-secret", "v1", 10)],
        Calls = [Given.Call("change-secret", "v1", 12)],
        Logins = [last],
        Attempts = meanwhile,
    };

    private static SoakFacts Ended(int count, Func<int, string> incident) => new()
    {
        Actions = [.. Enumerable.Range(0, count).Select(n => Given.Record("terminate-session", $"{n}-a", n, incident(n)))],
    };

    private static SoakFacts Written(string kind, string text) => new()
    {
        Texts = [new Writing(kind, "a source", text)],
        Canaries = [new Canary("the password of orders/application", "hunter2!", NotIn: SoakTexts.ServerLogs)],
    };

    private static SoakFacts Stopped(ActionWritten record, MutatingCall call) => new()
    {
        Stops = [new SwitchWindow(Given.At(10), Given.At(15))],
        Actions = [record],
        Calls = [call],
    };

    // Of what it was checked on, and of nothing else that a whole soak has.
    private static void Unviolated(Verdict verdict, int checkedOn)
    {
        Assert.Empty(verdict.Violations);
        Assert.Equal(checkedOn, verdict.Shown.Sum(of => of.Count));
    }

    private static void Violated(Verdict verdict)
    {
        Assert.NotEmpty(verdict.Violations);
        Assert.False(verdict.Holds);
    }
}
