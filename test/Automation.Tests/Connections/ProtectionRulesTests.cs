using Automation.Connections;
using static Automation.Tests.Connections.Sessions;

namespace Automation.Tests.Connections;

public sealed class ProtectionRulesTests
{
    private static readonly Session Ordinary = InTransaction(1, TimeSpan.FromHours(1));

    private static readonly ConnectionsPolicy Protecting = Policy with { Protect = ["billing"] };

    public static TheoryData<string, string?> Table => new()
    {
        { "ordinary", null },
        { "idle", null },
        { "aborted", null },
        { "no state", nameof(Protection.Unknown) },
        { "no type", nameof(Protection.Unknown) },
        { "no role", nameof(Protection.Unknown) },
        { "no start", nameof(Protection.Unknown) },
        { "no change", nameof(Protection.Unknown) },
        { "role dropped", nameof(Protection.Unknown) },
        { "walsender", nameof(Protection.NotAClient) },
        { "autovacuum", nameof(Protection.NotAClient) },
        { "parallel", nameof(Protection.ParallelWorker) },
        { "superuser", nameof(Protection.Superuser) },
        { "replication", nameof(Protection.Replication) },
        { "rdsadmin", nameof(Protection.RdsRole) },
        { "rdsproxyadmin", nameof(Protection.RdsRole) },
        { "rdswriteforwarduser", nameof(Protection.RdsRole) },
        { "ours", nameof(Protection.OurRole) },
        { "protected", nameof(Protection.ProtectedRole) },
        { "member of protected", nameof(Protection.ProtectedRole) },
        { "advisory", nameof(Protection.AdvisoryLock) },
        { "listener", nameof(Protection.Listener) },
        { "active", nameof(Protection.Working) },
        { "fastpath", nameof(Protection.Working) },
        { "disabled", nameof(Protection.Working) },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Of_EachKindOfSession_IsTheStatedProtection(string kind, string? expected)
    {
        var session = kind switch
        {
            "ordinary" => Ordinary,
            "idle" => Ordinary with { State = "idle" },
            "aborted" => Ordinary with { State = "idle in transaction (aborted)" },
            "no state" => Ordinary with { State = null },
            "no type" => Ordinary with { BackendType = null },
            "no role" => Ordinary with { Role = null },
            "no start" => Ordinary with { BackendStart = null },
            "no change" => Ordinary with { StateChange = null },
            "role dropped" => Ordinary with { Superuser = null, Replication = null },
            "walsender" => Ordinary with { BackendType = "walsender", State = "active" },
            "autovacuum" => Ordinary with { BackendType = "autovacuum worker" },
            "parallel" => Ordinary with { LeaderPid = 7 },
            "superuser" => Ordinary with { Superuser = true },
            "replication" => Ordinary with { Replication = true },
            "rdsadmin" => Ordinary with { Role = "rdsadmin" },
            "rdsproxyadmin" => Ordinary with { Role = "rdsproxyadmin" },
            "rdswriteforwarduser" => Ordinary with { Role = "rdswriteforwarduser" },
            "ours" => Ordinary with { Role = OurRole },
            "protected" => Ordinary with { Role = "billing" },
            "member of protected" => Ordinary with { InProtectedRole = true },
            "advisory" => Ordinary with { HoldsAdvisoryLock = true },
            "listener" => Ordinary with { Listens = true },
            "active" => Ordinary with { State = "active" },
            "fastpath" => Ordinary with { State = "fastpath function call" },
            "disabled" => Ordinary with { State = "disabled" },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        Assert.Equal(expected, ProtectionRules.Of(session, Protecting, OurRole)?.ToString());
    }

    [Fact]
    public void Sentence_EveryProtection_HasOne() =>
        Assert.All(Enum.GetValues<Protection>(), protection => Assert.NotEmpty(ProtectionRules.Sentence(protection)));
}
