using Automation.Connections;

namespace Automation.Tests.Connections;

/// <summary>Rows of <c>pg_stat_activity</c> for tests: an ordinary idle session, to be changed with <c>with</c>.</summary>
internal static class Sessions
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 3, 0, 0, TimeSpan.Zero);

    public const string OurRole = "automation";

    public static Session Idle(int pid, TimeSpan held) => new()
    {
        Pid = pid,
        BackendStart = Now.AddHours(-5),
        BackendType = "client backend",
        State = "idle",
        StateChange = Now - held,
        Role = "shop",
        Database = "shop",
        Application = "web",
        ClientAddress = "10.0.0.1",
        Wrote = false,
        HoldsTransaction = false,
        LeaderPid = null,
        Superuser = false,
        Replication = false,
        HoldsAdvisoryLock = false,
        Listens = false,
        InProtectedRole = false,
    };

    public static Session InTransaction(int pid, TimeSpan held) => Idle(pid, held) with { State = "idle in transaction" };

    public static Session Aborted(int pid, TimeSpan held) => Idle(pid, held) with { State = "idle in transaction (aborted)" };

    public static Session Active(int pid) => Idle(pid, TimeSpan.FromHours(2)) with { State = "active" };

    public static ConnectionFacts Facts(int maxConnections, IEnumerable<Session> sessions) => new()
    {
        MeasuredAt = Now,
        Slots = new SlotBudget(maxConnections, 3, 0, 0),
        Sessions = [.. sessions],
        ReachedLimits = [],
    };

    public static ConnectionsPolicy Policy { get; } = new() { Mode = Automation.Outcomes.Mode.Act };

    public static ConnectionDecision Decide(this ConnectionFacts facts, ConnectionsPolicy? policy = null, ConnectionHistory? history = null) =>
        ConnectionRules.Decide(facts, policy ?? Policy, history ?? ConnectionHistory.Empty, OurRole);

    public static IReadOnlyList<int> VictimPids(this ConnectionDecision decision) =>
        decision is ConnectionDecision.Terminate plan ? [.. plan.Victims.Select(victim => victim.Session.Pid)] : [];
}
