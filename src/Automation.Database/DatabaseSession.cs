using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Automation.Database;

/// <summary>
/// One open session, used by one caller at a time. Every statement has a hard deadline; one that misses it is given up
/// together with the session, because nobody knows what state it is in.
/// </summary>
public sealed class DatabaseSession : IAsyncDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
    private readonly RdsDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly TimeProvider clock;
    private bool ownsSource;
    private Task lastStatements = Task.CompletedTask;
    private bool givenUp;

    internal DatabaseSession(RdsDataSource source, NpgsqlConnection connection, TimeProvider clock)
    {
        this.source = source;
        this.connection = connection;
        this.clock = clock;
    }

    /// <summary>
    /// Opens one session that is not pooled: for an incident on one instance, where a second connection may be one too many
    /// and a pooled one would outlive its use.
    /// </summary>
    /// <inheritdoc cref="RdsDataSource.Create"/>
    /// <param name="endpoint">Where to.</param>
    /// <param name="login">As whom.</param>
    /// <param name="roots">What the server's certificate must lead to.</param>
    /// <param name="options">The rest; <see cref="DataSourceOptions.Pooling"/> is off whatever it says.</param>
    /// <param name="deadline">For all of it; kept whatever the driver and the server do.</param>
    /// <param name="clock">Keeps the deadlines.</param>
    /// <param name="cancellation">The caller's own wish to stop.</param>
    public static async Task<Attempt<DatabaseSession>> OpenUnpooledAsync(DatabaseEndpoint endpoint, DatabaseLogin login,
        TrustedRoots roots, DataSourceOptions options, TimeSpan deadline, TimeProvider clock, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = RdsDataSource.Create(endpoint, login, roots, options with { Pooling = false }, clock);
        try
        {
            var attempt = await source.OpenAsync(deadline, cancellation);
            if (attempt.Succeeded(out var session, out _)) session.ownsSource = true;
            else await source.DisposeAsync();
            return attempt;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements on the session.</summary>
    /// <param name="statements">Reads to the end what it asks for: nothing of the connection may be used afterwards.</param>
    /// <param name="activity">What a lost answer would mean.</param>
    /// <param name="deadline">For all of it; kept whatever the driver and the server do.</param>
    /// <param name="cancellation">The caller's own wish to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first; a session with statements under way is given up.</exception>
    public async Task<Attempt<T>> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> statements,
        DatabaseActivity activity, TimeSpan deadline, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        cancellation.ThrowIfCancellationRequested();
        if (givenUp || connection.State != ConnectionState.Open)
            return new Attempt<T>(new DatabaseFailure(FailureClass.Unreachable, "The session has ended; nothing was sent."));

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lastStatements = ended.Task;
        // Until an answer is there: a cancel request that is on its way could hit whatever runs next.
        givenUp = true;
        try
        {
            var value = await Watchdog.RunAsync(async stop =>
            {
                try
                {
                    return await statements(connection, stop);
                }
                finally
                {
                    ended.SetResult();
                }
            }, deadline, clock, cancellation);
            givenUp = false;
            return new Attempt<T>(value);
        }
        catch (Exception e) when (IsOfTheDatabase(e))
        {
            givenUp = e is DeadlineExceededException;
            return new Attempt<T>(source.Observe(e, activity));
        }
    }

    /// <summary>Ends the session; one that was given up is ended in the background as soon as the driver lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        // On the thread pool: closing writes to the socket before its first await.
        var closing = Task.Run(CloseAsync);
        if (!givenUp) await closing.WaitAsync(CloseLimit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Whether the exception says something about the database; any other is a defect of the caller's or ours.</summary>
    internal static bool IsOfTheDatabase(Exception e) =>
        e is DbException or TimeoutException or IOException or SocketException or IamTokenException;

    private async Task CloseAsync()
    {
        await lastStatements;
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ownsSource) await source.DisposeAsync();
    }
}
