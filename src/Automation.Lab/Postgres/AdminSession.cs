using System.Data;
using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>
/// The one session that RDS itself keeps on a server, through which the lab asks everything: a second one would take a slot
/// that a storm is about. It moves to another server with the database.
/// </summary>
internal sealed class AdminSession : IAsyncDisposable
{
    private readonly SemaphoreSlim asking = new(1, 1);
    private NpgsqlConnection connection;

    private AdminSession(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<AdminSession> OpenAsync(PostgresServer server, CancellationToken cancellation) =>
        new(await server.OpenAdminAsync(cancellation));

    /// <summary>Asks a server from now on, also the same one after it was restarted.</summary>
    public async Task MoveToAsync(PostgresServer server, CancellationToken cancellation)
    {
        var next = await server.OpenAdminAsync(cancellation);
        NpgsqlConnection last;
        await asking.WaitAsync(CancellationToken.None);
        try
        {
            (last, connection) = (connection, next);
        }
        finally
        {
            asking.Release();
        }
        await last.DisposeAsync();
    }

    /// <exception cref="NpgsqlException">The server is away, or refused.</exception>
    public async Task<T> AskAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> read, CancellationToken cancellation)
    {
        await asking.WaitAsync(cancellation);
        try
        {
            if (connection.State != ConnectionState.Open) throw new NpgsqlException("The server is away.");
            await using var command = new NpgsqlCommand(sql, connection);
            return await read(command);
        }
        finally
        {
            asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        asking.Dispose();
    }
}
