using System.Collections.Frozen;
using System.Net;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>
/// What an endpoint refuses before it asks for a password, in the words of PostgreSQL with <c>rds.force_ssl=1</c> and of
/// RDS Proxy ("Troubleshooting for RDS Proxy"; the apostrophe in its texts is the typographic one).
/// </summary>
internal static class StartupRules
{
    // "Connecting to a database through RDS Proxy": all that a startup message may hold there.
    private static readonly FrozenSet<string> ProxyParameters = FrozenSet.ToFrozenSet(
        ["user", "database", "replication", "application_name", "client_encoding", "DateStyle", "TimeZone", "extra_float_digits"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NoReplication = FrozenSet.ToFrozenSet(
        ["false", "off", "no", "0"], StringComparer.OrdinalIgnoreCase);

    public static GateRefusal? Check(GateKind kind, GateMode mode, StartupMessage startup, bool encrypted, IPAddress client) =>
        kind switch
        {
            GateKind.Instance => CheckInstance(mode, startup, encrypted, client),
            GateKind.Proxy => CheckProxy(mode, startup, encrypted),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An endpoint kind without rules."),
        };

    private static GateRefusal? CheckInstance(GateMode mode, StartupMessage startup, bool encrypted, IPAddress client)
    {
        if (startup.Major != 3)
            return new("unsupported-protocol", "0A000",
                $"unsupported frontend protocol {startup.Major}.{startup.Minor}: server supports 3.0 to 3.0",
                "the startup message is not of protocol 3");
        if (startup.User.Length == 0)
            return new("user-missing", "28000", "no PostgreSQL user name specified in startup packet",
                "the startup message names no user");
        // The postmaster looks at its own state after it has read the startup message and before pg_hba.conf.
        if (mode == GateMode.StartingUp) return StartingUp;
        return encrypted ? null : new("unencrypted", "28000",
            $"no pg_hba.conf entry for host \"{client}\", user \"{startup.User}\", database \"{startup.Database}\", no encryption",
            "rds.force_ssl=1: only TLS connections may log in");
    }

    private static GateRefusal? CheckProxy(GateMode mode, StartupMessage startup, bool encrypted)
    {
        if ((startup.Major, startup.Minor) != (3, 0))
            return new("unsupported-protocol", "0A000",
                "Feature not supported: RDS Proxy supports only version 3.0 of the PostgreSQL messaging protocol.",
                "the startup message is not of protocol 3.0");
        if (startup.User.Length == 0)
            return new("user-missing", "28000",
                "A user name is missing from the connection startup packet. Provide a user name for this connection.",
                "the startup message names no user");
        if (!encrypted)
            return new("unencrypted", "28000", "This RDS Proxy requires TLS connections", "the proxy has RequireTLS");
        if (startup.Parameters.TryGetValue("replication", out var replication) && !NoReplication.Contains(replication))
            return Unsupported("streaming replication mode", "replication");
        foreach (var name in startup.Parameters.Keys)
        {
            if (name == "options") return Unsupported("command-line options", name);
            if (!ProxyParameters.Contains(name)) return Unsupported($"the option {name}", name);
        }
        return mode == GateMode.StartingUp ? StartingUp : null;
    }

    private static GateRefusal StartingUp { get; } = new("starting-up", "57P03", "the database system is starting up",
        "the lab's fault: PostgreSQL recovers");

    private static GateRefusal Unsupported(string what, string parameter) => new("startup-parameter", "0A000",
        $"Feature not supported: RDS Proxy currently doesn\u2019t support {what}.",
        $"the startup message holds {parameter}");
}
