using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Automation.Lab;
using Npgsql;

namespace Automation.Benchmarks.Reliefs;

/// <summary>
/// Real sessions of one application, all idle in transaction, that take every slot an application can have. Each listens,
/// so the moment the server ends it is known to its client.
/// </summary>
internal sealed class IdleSessions : IAsyncDisposable
{
    /// <summary>After that long the policy lets an idle transaction be ended.</summary>
    public const int LimitSeconds = 2;

    private const string Role = "checkout";
    private const int LoginsAtOnce = 8;
    private readonly LabInstance database;
    private readonly string password;
    private readonly int count;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<NpgsqlConnection, Task> open = new();
    private readonly ConcurrentQueue<long> ended = new();

    private IdleSessions(LabInstance database, string password, int count)
    {
        this.database = database;
        this.password = password;
        this.count = count;
    }

    /// <summary>When sessions were ended (<see cref="Stopwatch.GetTimestamp"/>), since they were last filled up.</summary>
    public IReadOnlyList<long> Ended => [.. ended.Order()];

    public static async Task<IdleSessions> OpenAsync(LabInstance database, int count, CancellationToken cancellation)
    {
        var sessions = new IdleSessions(database, await database.CreateLoginAsync(Role, cancellation), count);
        try
        {
            await sessions.FillUpAsync(cancellation);
            return sessions;
        }
        catch
        {
            await sessions.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens what is missing, and returns when every slot is taken and every session is past the limit.</summary>
    /// <exception cref="InvalidOperationException">There was room for one more: this is no connection storm.</exception>
    public async Task FillUpAsync(CancellationToken cancellation)
    {
        ended.Clear();
        await Parallel.ForEachAsync(Enumerable.Range(0, count - open.Count),
            new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce, CancellationToken = cancellation }, async (_, stop) => await OpenOneAsync(stop));
        if (await IsRoomAsync(cancellation)) throw new InvalidOperationException($"{count} sessions did not take every slot.");

        var young = string.Create(CultureInfo.InvariantCulture,
            $"SELECT count(*)::text FROM pg_stat_activity WHERE usename = '{Role}' AND state_change > clock_timestamp() - interval '{LimitSeconds} s'");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await database.QueryAsync(young, cancellation) is not [["0"]]) await timer.WaitForNextTickAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(open.Values);
        foreach (var connection in open.Keys) await connection.DisposeAsync();
        ending.Dispose();
    }

    private async Task OpenOneAsync(CancellationToken cancellation)
    {
        var connection = NewConnection();
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("BEGIN; SELECT 1", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        open[connection] = ListenAsync(connection);
    }

    private async Task ListenAsync(NpgsqlConnection connection)
    {
        try
        {
            while (true) await connection.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The benchmark is over.
        }
        catch (NpgsqlException)
        {
            ended.Enqueue(Stopwatch.GetTimestamp());
            open.TryRemove(connection, out _);
            await connection.DisposeAsync();
        }
    }

    private async Task<bool> IsRoomAsync(CancellationToken cancellation)
    {
        await using var connection = NewConnection();
        try
        {
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return false;
        }
    }

    private NpgsqlConnection NewConnection() => new(database.Login(Role, password, Role).ConnectionString);
}
