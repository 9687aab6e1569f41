using System.Net;
using Automation.Lab.Gate;
using Automation.Lab.Gate.Protocol;

namespace Automation.Tests.Gate;

public sealed class StartupRulesTests
{
    private static readonly StartupMessage Startup = Packets.Startup("user", "app", "database", "orders");

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal void Check_OrdinaryEncryptedStartup_Passes(GateKind kind) => Assert.Null(Check(kind, Startup));

    [Fact]
    public void Check_PlaintextAtInstance_IsRefusedAsByPgHba()
    {
        var refusal = Check(GateKind.Instance, Startup, encrypted: false);

        Assert.Equal(("unencrypted", "28000"), (refusal?.Reason, refusal?.SqlState));
        Assert.Equal("no pg_hba.conf entry for host \"127.0.0.12\", user \"app\", database \"orders\", no encryption", refusal?.Message);
    }

    [Fact]
    public void Check_PlaintextWithoutDatabase_NamesTheUsersOwn() =>
        Assert.Contains("database \"app\"", Check(GateKind.Instance, Packets.Startup("user", "app"), encrypted: false)?.Message,
            StringComparison.Ordinal);

    [Fact]
    public void Check_PlaintextAtProxy_IsRefusedInTheProxysWords() =>
        Assert.Equal(("28000", "This RDS Proxy requires TLS connections"),
            (Check(GateKind.Proxy, Startup, encrypted: false)?.SqlState, Check(GateKind.Proxy, Startup, encrypted: false)?.Message));

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal void Check_WhileStartingUp_Is57P03(GateKind kind) =>
        Assert.Equal(("57P03", "the database system is starting up"),
            (Check(kind, Startup, GateMode.StartingUp)?.SqlState, Check(kind, Startup, GateMode.StartingUp)?.Message));

    [Fact]
    public void Check_PlaintextAtInstanceWhileStartingUp_Is57P03() =>
        Assert.Equal("57P03", Check(GateKind.Instance, Startup, GateMode.StartingUp, encrypted: false)?.SqlState);

    [Theory]
    [InlineData("options", "-c search_path=x", "command-line options")]
    [InlineData("statement_timeout", "1000", "the option statement_timeout")]
    [InlineData("search_path", "x", "the option search_path")]
    [InlineData("_pq_.feature", "1", "the option _pq_.feature")]
    [InlineData("replication", "true", "streaming replication mode")]
    [InlineData("replication", "database", "streaming replication mode")]
    public void Check_ParameterOutsideTheProxysList_IsRefusedByProxyAlone(string name, string value, string words)
    {
        var startup = Packets.Startup("user", "app", name, value);

        var refusal = Check(GateKind.Proxy, startup);

        Assert.Equal(("startup-parameter", "0A000"), (refusal?.Reason, refusal?.SqlState));
        Assert.Equal($"Feature not supported: RDS Proxy currently doesn’t support {words}.", refusal?.Message);
        Assert.Null(Check(GateKind.Instance, startup));
    }

    [Fact]
    public void Check_EveryParameterOfTheProxysList_Passes() =>
        Assert.Null(Check(GateKind.Proxy, Packets.Startup("user", "app", "database", "orders", "replication", "off",
            "application_name", "x", "client_encoding", "UTF8", "DateStyle", "ISO", "TimeZone", "UTC", "extra_float_digits", "3")));

    [Theory]
    [InlineData(GateKind.Instance, 2, 0, "unsupported-protocol")]
    [InlineData(GateKind.Instance, 4, 0, "unsupported-protocol")]
    [InlineData(GateKind.Instance, 3, 2, null)]
    [InlineData(GateKind.Proxy, 3, 2, "unsupported-protocol")]
    internal void Check_ProtocolVersion_IsRefusedWhereUnknown(GateKind kind, int major, int minor, string? reason) =>
        Assert.Equal(reason, Check(kind, Packets.StartupOf(major, minor, "user", "app"))?.Reason);

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal void Check_NoUser_IsRefused(GateKind kind) =>
        Assert.Equal(("user-missing", "28000"),
            (Check(kind, Packets.Startup("database", "orders"))?.Reason, Check(kind, Packets.Startup("user", ""))?.SqlState));

    private static GateRefusal? Check(
        GateKind kind, StartupMessage startup, GateMode mode = GateMode.Serving, bool encrypted = true) =>
        StartupRules.Check(kind, mode, startup, encrypted, IPAddress.Parse("127.0.0.12"));
}
