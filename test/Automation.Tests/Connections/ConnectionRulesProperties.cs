using Automation.Connections;
using Automation.Ledger;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Connections.Sessions;

namespace Automation.Tests.Connections;

/// <summary>What holds for every state a server can be in, and for ones it cannot.</summary>
public sealed class ConnectionRulesProperties
{
    private static readonly Gen<Session> AnySession =
        from pid in Gen.Choose(1, 400)
        from type in Gen.Frequency((12, Gen.Constant<string?>("client backend")), (1, Gen.Elements<string?>("walsender", "autovacuum worker", "io worker")))
        from state in Gen.Elements<string?>("idle", "idle in transaction", "idle in transaction (aborted)", "active", "disabled", null)
        from held in Gen.Choose(0, 7200)
        from role in Gen.Elements("shop", "stock", "billing", "rdsadmin", "rdsproxyadmin", OurRole)
        from application in Gen.Elements("web", "batch", "")
        from address in Gen.Elements<string?>("10.0.0.1", "10.0.0.2", null)
        from flags in Gen.Choose(0, 255)
        from blockedBy in Gen.Choose(1, 400)
        select Idle(pid, TimeSpan.FromSeconds(held)) with
        {
            BackendType = type,
            State = state,
            Role = role,
            Application = application,
            ClientAddress = address,
            Wrote = (flags & 1) != 0,
            HoldsTransaction = (flags & 32) != 0,
            HoldsAdvisoryLock = (flags & 6) == 6,
            Listens = (flags & 24) == 24,
            Superuser = role == "rdsadmin",
            Replication = (flags & 224) == 224,
            BlockedBy = state == "active" ? [blockedBy] : [],
        };

    private static readonly Gen<(ConnectionFacts Facts, ConnectionsPolicy Policy, ConnectionHistory History)> AnyCase =
        from sessions in Gen.ListOf(AnySession)
        from slots in Gen.Choose(4, 200)
        from target in Gen.Choose(1, 100)
        from max in Gen.Choose(1, 20)
        from spent in Gen.Choose(0, 25)
        from earlier in Gen.Choose(0, 4)
        select (
            Facts(slots, sessions.DistinctBy(session => session.Pid)),
            Policy with { Target = target / 100m, Max = max, Protect = ["billing"] },
            new ConnectionHistory(spent, new Dictionary<ActionGroup, int> { [new("shop", "web")] = earlier }));

    private static void Holds(Func<ConnectionFacts, ConnectionsPolicy, ConnectionHistory, bool> property) =>
        Prop.ForAll(AnyCase.ToArbitrary(), any => property(any.Facts, any.Policy, any.History))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static IReadOnlyList<Victim> Plan(ConnectionFacts facts, ConnectionsPolicy policy, ConnectionHistory history) =>
        facts.Decide(policy, history) is ConnectionDecision.Terminate plan ? plan.Victims : [];

    [Fact]
    public void Plan_NeverNamesAProtectedSession() => Holds((facts, policy, history) =>
        Plan(facts, policy, history).All(victim => victim.Session is
        {
            BackendType: "client backend",
            State: "idle" or "idle in transaction" or "idle in transaction (aborted)",
            Role: not ("billing" or "rdsadmin" or "rdsproxyadmin" or OurRole),
            Superuser: false, Replication: false, HoldsAdvisoryLock: false, Listens: false, LeaderPid: null,
        }));

    [Fact]
    public void Plan_NeverExceedsACap() => Holds((facts, policy, history) =>
        Plan(facts, policy, history).Count is var count
        && count <= policy.Max
        && (count == 0 || count + history.TerminatedInWindow <= ConnectionLimits.PerWindow)
        && count <= facts.Used / 5);

    [Fact]
    public void Plan_NeverGoesBelowTheTarget() => Holds((facts, policy, history) =>
        Plan(facts, policy, history) is { Count: 0 }
        || facts.Used - Plan(facts, policy, history).Count >= Math.Floor(facts.Slots.Usable * policy.Target));

    [Fact]
    public void Plan_UsageUnderTarget_IsEmpty() => Holds((facts, policy, history) =>
        facts.Used > facts.Slots.Usable * policy.Target || Plan(facts, policy, history).Count == 0);

    [Fact]
    public void Plan_ServerHidesRows_IsEmpty() => Holds((facts, policy, history) =>
        Plan(facts with { Sessions = [.. facts.Sessions, Idle(999, TimeSpan.Zero) with { BackendType = null }] }, policy, history).Count == 0);

    [Fact]
    public void Plan_OrderOfRows_DoesNotMatter() => Holds((facts, policy, history) =>
    {
        var plan = Plan(facts, policy, history).Select(victim => victim.Session.Pid);
        var reversed = Plan(facts with { Sessions = [.. facts.Sessions.Reverse()] }, policy, history);
        var byAddress = Plan(facts with { Sessions = [.. facts.Sessions.OrderBy(s => s.ClientAddress).ThenBy(s => s.Pid % 7)] }, policy, history);
        return plan.SequenceEqual(reversed.Select(victim => victim.Session.Pid))
            && plan.SequenceEqual(byAddress.Select(victim => victim.Session.Pid));
    });

    [Fact]
    public void Plan_EveryVictim_IsPastItsLimit() => Holds((facts, policy, history) =>
        Plan(facts, policy, history).All(victim => facts.MeasuredAt - victim.Session.StateChange >= victim.MinimumAge
            && victim.MinimumAge == victim.Session.State switch
            {
                "idle" => policy.Idle,
                "idle in transaction" => policy.IdleInTransaction,
                _ => victim.Session.Wrote || victim.Session.HoldsTransaction ? policy.IdleInTransaction : ConnectionLimits.AbortedGrace,
            }));

    [Fact]
    public void Plan_ThirdIncidentOfAGroup_NeverNamesIt() => Holds((facts, policy, history) =>
        history.Incidents[new("shop", "web")] < 2
        || Plan(facts, policy, history).All(victim => (victim.Session.Role, victim.Session.Application) != ("shop", "web")));

    [Fact]
    public void AnyCase_OftenHasVictims() =>
        // Guards the generator: properties over empty plans would prove nothing.
        Assert.True(AnyCase.Sample(60, 500).Count(any => Plan(any.Facts, any.Policy, any.History).Count > 0) > 25);
}
