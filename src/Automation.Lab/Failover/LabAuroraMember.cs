using Automation.Lab.Gate;
using Automation.Lab.Postgres;

namespace Automation.Lab.Failover;

/// <summary>An instance of a cluster: its server changes when it is made anew, its name and endpoint never.</summary>
internal sealed class LabAuroraMember(string id, PostgresServer server, AdminSession session) : IAsyncDisposable
{
    public string Id => id;

    public PostgresServer Server { get; private set; } = server;

    public AdminSession Session => session;

    /// <summary>The instance endpoint.</summary>
    public required DatabaseGate Gate { get; init; }

    public async Task MoveToAsync(PostgresServer next, CancellationToken cancellation)
    {
        await session.MoveToAsync(next, cancellation);
        Server = next;
    }

    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await session.DisposeAsync();
    }
}
