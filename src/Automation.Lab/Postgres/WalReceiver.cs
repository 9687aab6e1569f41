using System.Globalization;
using Npgsql;
using Npgsql.Replication;

namespace Automation.Lab.Postgres;

/// <summary>
/// A client that streams the server's WAL as a standby does: it keeps a real <c>walsender</c> backend alive, which no
/// automation may end.
/// </summary>
internal sealed class WalReceiver : IAsyncDisposable
{
    private static readonly TimeSpan StreamingLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly PhysicalReplicationConnection connection;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task streaming;

    private WalReceiver(PhysicalReplicationConnection connection, ReplicationSystemIdentification system)
    {
        this.connection = connection;
        streaming = ReceiveAsync(system);
    }

    /// <summary>The walsender's process id on the server.</summary>
    public int ProcessId => connection.ProcessID;

    /// <summary>Whether the server still serves it.</summary>
    public bool IsStreaming => !streaming.IsCompleted;

    /// <summary>Starts streaming as a new role of its own, <paramref name="user"/>.</summary>
    public static async Task<WalReceiver> StartAsync(PostgresServer server, string user, string password, CancellationToken cancellation)
    {
        await using var admin = await server.OpenAdminAsync(cancellation);
        await RdsRoles.CreateLoginAsync(admin, user, password, "REPLICATION", cancellation);

        var connection = new PhysicalReplicationConnection(server.Connection(user, password).ConnectionString);
        try
        {
            await connection.Open(cancellation);
            var system = await connection.IdentifySystem(cancellation);
            var receiver = new WalReceiver(connection, system);
            await receiver.WaitUntilStreamingAsync(admin, cancellation);
            return receiver;
        }
        catch
        {
            // Also ends the streaming, should it have begun.
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            await streaming;
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Ended by us, or the server was stopped before.
        }
        await connection.DisposeAsync();
        stopping.Dispose();
    }

    private async Task ReceiveAsync(ReplicationSystemIdentification system)
    {
        await foreach (var message in connection.StartReplication(system.XLogPos, stopping.Token))
            connection.SetReplicationStatus(message.WalEnd);
    }

    private async Task WaitUntilStreamingAsync(NpgsqlConnection admin, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StreamingLimit);
        await using var state = new NpgsqlCommand("SELECT state FROM pg_stat_replication WHERE pid = $1", admin)
        {
            Parameters = { new() { Value = ProcessId } },
        };
        while (Convert.ToString(await state.ExecuteScalarAsync(limit.Token), CultureInfo.InvariantCulture) != "streaming")
        {
            if (!IsStreaming) await streaming;
            await Task.Delay(Pause, limit.Token);
        }
    }
}
