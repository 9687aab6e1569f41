using Automation.Connections;
using Automation.Ledger;
using static Automation.Tests.Connections.Sessions;

namespace Automation.Tests.Connections;

public sealed class ConnectionRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>97 usable slots, 90 taken by active sessions: 10 more make it 100 %.</summary>
    private static ConnectionFacts Busy(params Session[] sessions) =>
        Facts(100, Enumerable.Range(1000, 90).Select(Active).Concat(sessions));

    [Fact]
    public void Decide_UsageAtTarget_DoesNothing()
    {
        // floor(0.70 x 97) = 67: exactly at the target is relieved.
        var decision = Facts(100, Enumerable.Range(1, 67).Select(pid => InTransaction(pid, Hour))).Decide();

        Assert.Equal("usage-at-target", Assert.IsType<ConnectionDecision.NothingToDo>(decision).Reason);
    }

    [Fact]
    public void Decide_OneOverTarget_EndsExactlyOne()
    {
        var decision = Facts(100, Enumerable.Range(1, 68).Select(pid => InTransaction(pid, Hour))).Decide();

        Assert.Single(decision.VictimPids());
    }

    [Fact]
    public void Decide_HiddenRow_RefusesAsBlind()
    {
        var hidden = InTransaction(1, Hour) with { BackendType = null, State = null, BackendStart = null, StateChange = null, Application = "" };

        var decision = Busy(hidden, InTransaction(2, Hour)).Decide();

        Assert.Equal("blind-role", Assert.IsType<ConnectionDecision.Refuse>(decision).Reason);
    }

    [Fact]
    public void Decide_OnlyRdsAdminIsHidden_CountsItAndGoesOn()
    {
        var hidden = Idle(900, Hour) with { Role = "rdsadmin", BackendType = null, State = null, BackendStart = null, StateChange = null };
        var sessions = Enumerable.Range(1, 67).Select(pid => InTransaction(pid, Hour));

        // 67 and the hidden one are one over the target.
        Assert.Single(Facts(100, sessions.Append(hidden)).Decide().VictimPids());
    }

    [Fact]
    public void Decide_ProtectedNameThatIsNoRole_RefusesNamingIt()
    {
        var decision = (Busy(InTransaction(1, Hour)) with { UnknownProtectedRoles = ["biling"] }).Decide();

        var refusal = Assert.IsType<ConnectionDecision.Refuse>(decision);
        Assert.Equal("malformed-tag", refusal.Reason);
        Assert.Contains("biling", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ReservesSubtracted_DecideWhetherItIsFull()
    {
        var sessions = Enumerable.Range(1, 68).Select(pid => InTransaction(pid, Hour)).ToList();
        var facts = Facts(100, sessions);

        Assert.Single(facts.Decide().VictimPids());
        Assert.Empty((facts with { Slots = new SlotBudget(103, 3, 0, 0) }).Decide().VictimPids());
        Assert.Equal(2, (facts with { Slots = new SlotBudget(103, 3, 3, 2) }).Decide().VictimPids().Count);
    }

    [Fact]
    public void Decide_EverySlotReserved_Refuses() =>
        Assert.Equal("no-usable-slots", Assert.IsType<ConnectionDecision.Refuse>(Facts(3, [Active(1)]).Decide()).Reason);

    [Fact]
    public void Decide_RoleAtItsLimitAndSlotsFree_RefusesWithTheLimit()
    {
        var facts = Facts(100, [Active(1)]) with { ReachedLimits = [new ReachedLimit("role", "shop", 1, 1)] };

        var refusal = Assert.IsType<ConnectionDecision.Refuse>(facts.Decide());

        Assert.Equal("connection-limit-reached", refusal.Reason);
        Assert.Contains("role shop", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NobodyEligible_RefusesAndSaysWhyOfEachKind()
    {
        var refusal = Assert.IsType<ConnectionDecision.Refuse>(
            Busy(InTransaction(1, Hour) with { HoldsAdvisoryLock = true }, Idle(2, TimeSpan.FromMinutes(1)), Idle(3, TimeSpan.Zero)).Decide());

        Assert.Equal("nothing-eligible", refusal.Reason);
        Assert.EndsWith("90 working, 2 under its limit, 1 holds an advisory lock", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_OrderOfVictims_IsLeastHarmFirst()
    {
        var blocker = InTransaction(4, TimeSpan.FromMinutes(6)) with { Wrote = true };
        var decision = Busy(
            Idle(1, TimeSpan.FromHours(9)),
            InTransaction(2, TimeSpan.FromMinutes(20)) with { Wrote = true },
            InTransaction(3, TimeSpan.FromMinutes(10)),
            blocker,
            Aborted(5, TimeSpan.FromMinutes(1)),
            Active(6) with { BlockedBy = [4] }).Decide();

        Assert.Equal([5, 4, 3, 2, 1], decision.VictimPids());
    }

    [Theory]
    [InlineData(299, 0)]
    [InlineData(300, 1)]
    public void Decide_IdleInTransaction_CountsFromItsLimit(int seconds, int victims) =>
        Assert.Equal(victims, Busy(InTransaction(1, TimeSpan.FromSeconds(seconds))).Decide().VictimPids().Count);

    [Theory]
    [InlineData(1799, 0)]
    [InlineData(1800, 1)]
    public void Decide_Idle_CountsFromItsLimit(int seconds, int victims) =>
        Assert.Equal(victims, Busy(Idle(1, TimeSpan.FromSeconds(seconds))).Decide().VictimPids().Count);

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    public void Decide_Aborted_IsLeftAMomentToRollBack(int seconds, int victims) =>
        Assert.Equal(victims, Busy(Aborted(1, TimeSpan.FromSeconds(seconds))).Decide().VictimPids().Count);

    /// <summary>It failed after a savepoint, and may go on with what it did before, whether it wrote or only read and locked.</summary>
    [Theory]
    [InlineData(299, true, 0)]
    [InlineData(300, true, 1)]
    [InlineData(299, false, 0)]
    [InlineData(300, false, 1)]
    public void Decide_AbortedAfterASavepoint_CountsAsIdleInTransaction(int seconds, bool wrote, int victims) =>
        Assert.Equal(victims, Busy(Aborted(1, TimeSpan.FromSeconds(seconds)) with { Wrote = wrote, HoldsTransaction = true }).Decide().VictimPids().Count);

    [Fact]
    public void Decide_AbortedAfterASavepoint_IsNotFirst() =>
        Assert.Equal([3, 2, 1], Busy(
            Aborted(1, TimeSpan.FromHours(1)) with { Wrote = true },
            InTransaction(2, TimeSpan.FromMinutes(10)),
            Aborted(3, TimeSpan.FromMinutes(1))).Decide().VictimPids());

    [Fact]
    public void Decide_Idle_TakesFromTheGroupThatHoldsMost()
    {
        var large = Enumerable.Range(1, 4).Select(pid => Idle(pid, Hour) with { Application = "large" });
        var small = Enumerable.Range(11, 2).Select(pid => Idle(pid, 3 * Hour) with { Application = "small" });

        var victims = Busy([.. large, .. small]).Decide(Policy with { Max = 4 }).VictimPids();

        // 4 against 2: two from the large group level them, then they alternate by name.
        Assert.Equal([1, 2, 3, 11], victims);
    }

    [Fact]
    public void Decide_Max_CapsTheRun() =>
        Assert.Equal(2, Busy([.. Enumerable.Range(1, 7).Select(pid => InTransaction(pid, Hour))]).Decide(Policy with { Max = 2 }).VictimPids().Count);

    [Theory]
    [InlineData(17, 3)]
    [InlineData(19, 1)]
    public void Decide_HourlyBudget_LimitsTheRun(int ended, int victims) =>
        Assert.Equal(victims, Busy([.. Enumerable.Range(1, 7).Select(pid => InTransaction(pid, Hour))])
            .Decide(history: ConnectionHistory.Empty with { TerminatedInWindow = ended }).VictimPids().Count);

    [Fact]
    public void Decide_HourlyBudgetSpent_Refuses() =>
        Assert.Equal("budget-exhausted", Assert.IsType<ConnectionDecision.Refuse>(Busy(InTransaction(1, Hour))
            .Decide(history: ConnectionHistory.Empty with { TerminatedInWindow = 20 })).Reason);

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    public void Decide_EarlierAttemptAtThisIncident_CountsAgainstMax(int earlier, int victims) =>
        Assert.Equal(victims, Busy([.. Enumerable.Range(1, 7).Select(pid => InTransaction(pid, Hour))])
            .Decide(history: AfterAnAttempt(earlier)).VictimPids().Count);

    [Fact]
    public void Decide_EarlierAttemptsSpentMax_Refuses() =>
        Assert.Equal("max-reached", Assert.IsType<ConnectionDecision.Refuse>(
            Busy(InTransaction(1, Hour)).Decide(history: AfterAnAttempt(5))).Reason);

    [Fact]
    public void History_FromRecords_TellsThisIncidentFromEarlierOnes()
    {
        ActionRecord[] records =
        [
            Record("this", Now.AddSeconds(-40)),
            Record("this", Now.AddSeconds(-39)) with { Result = ActionResult.Vanished },
            Record("before", Now.AddHours(-3)),
            Record("before", Now.AddHours(-3)),
            Record("long ago", Now.AddHours(-30)),
        ];

        var history = ConnectionHistory.From(records, "this", Now);

        Assert.Equal(records[0], Assert.Single(history.OfThisIncident));
        Assert.Equal(1, history.TerminatedInWindow);
        Assert.Equal(1, history.Incidents[new("shop", "web")]);
    }

    private static ConnectionHistory AfterAnAttempt(int ended) => ConnectionHistory.Empty with
    {
        OfThisIncident = [.. Enumerable.Range(1, ended).Select(n => Record("this", Now.AddSeconds(-n)))],
    };

    private static ActionRecord Record(string incident, DateTimeOffset at) => new()
    {
        ResourceId = "db-1", At = at, Capability = "connections", Key = "1-1", Action = "terminate-session", Database = "orders",
        Mode = Automation.Outcomes.Mode.Act, RequestId = "r", Incident = incident, Group = new("shop", "web"), Before = "{}", Result = ActionResult.Done,
    };

    [Fact]
    public void Decide_SmallServer_NeverEndsMoreThanAFifth()
    {
        var facts = Facts(13, Enumerable.Range(1, 10).Select(pid => InTransaction(pid, Hour)));

        Assert.Equal(2, facts.Decide(Policy with { Target = 0.1m }).VictimPids().Count);
        Assert.Equal("too-few-sessions", Assert.IsType<ConnectionDecision.Refuse>(
            Facts(5, Enumerable.Range(1, 2).Select(pid => InTransaction(pid, Hour))).Decide()).Reason);
    }

    [Fact]
    public void Decide_ThirdIncidentOfTheSameApplication_IsEscalated()
    {
        var history = new ConnectionHistory(0, new Dictionary<ActionGroup, int> { [new("shop", "web")] = 2 });

        Assert.Equal("recurring-incident", Assert.IsType<ConnectionDecision.Refuse>(Busy(InTransaction(1, Hour)).Decide(history: history)).Reason);
    }

    [Fact]
    public void Decide_RecurringGroupAmongOthers_LeavesThePlanWithoutReplacement()
    {
        var history = new ConnectionHistory(0, new Dictionary<ActionGroup, int> { [new("shop", "web")] = 2, [new("shop", "batch")] = 1 });
        var facts = Busy(
            InTransaction(1, 2 * Hour),
            InTransaction(2, Hour) with { Application = "batch" },
            InTransaction(3, Hour) with { Application = "report" });

        var plan = Assert.IsType<ConnectionDecision.Terminate>(facts.Decide(Policy with { Max = 2 }, history));

        Assert.Equal([2], plan.VictimPids());
        Assert.Equal(new RecurringGroup("shop", "web", 2), Assert.Single(plan.Escalated));
    }
}
