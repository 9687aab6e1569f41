using Automation.Lab.Gate;
using Automation.Lab.Postgres;

namespace Automation.Lab.Failover;

/// <summary>What a failover is played on.</summary>
internal sealed record FailoverParts
{
    public required PostgresServer Primary { get; init; }

    /// <summary><c>null</c>: there is nothing to switch to.</summary>
    public required PostgresStandby? Standby { get; init; }

    /// <summary>Endpoints that lead to the primary, whichever server that is.</summary>
    public required IReadOnlyList<DatabaseGate> Direct { get; init; }

    /// <summary>Endpoints of the old primary alone: dead with it.</summary>
    public IReadOnlyList<DatabaseGate> OfThePrimary { get; init; } = [];

    /// <summary>Endpoints that lead to the standby already: its promotion breaks their sessions off.</summary>
    public IReadOnlyList<DatabaseGate> OfTheStandby { get; init; } = [];

    public DatabaseGate? Proxy { get; init; }

    /// <summary>Called when an endpoint is about to lead to a server, with whether it takes writes.</summary>
    public required Func<PostgresServer, bool, CancellationToken, Task> OnServer { get; init; }

    /// <summary>Called when the outage begins.</summary>
    public Action OnOutage { get; init; } = static () => { };
}
