using Automation.Lab.Postgres;

namespace Automation.Lab.Snapshots;

/// <summary>A server on a snapshot's data, to see what is in it; disposing it leaves the snapshot as it was and nothing else.</summary>
internal sealed class RestoredDatabase(PostgresServer server) : IAsyncDisposable
{
    public PostgresServer Server => server;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        if (Directory.Exists(server.Folder)) Directory.Delete(server.Folder, recursive: true);
    }
}
