using Automation.Database;
using Npgsql;

namespace Automation.Storage.Bytes;

/// <summary>
/// Asks one database, one statement at a time, because one that fails must not take the others with it. A session that may
/// be lost over a statement is replaced for the next.
/// </summary>
internal sealed class StorageSession(
    string database, DatabaseSession first, Func<string, CancellationToken, Task<Attempt<DatabaseSession>>> open, ReadingTime budget) : IAsyncDisposable
{
    // Less than the role's own statement_timeout (sql/bootstrap.sql), which ends what we gave up: RDS Proxy passes no cancel on.
    private static readonly TimeSpan StatementLimit = TimeSpan.FromSeconds(8);

    private DatabaseSession? session = first;

    /// <summary>The database's name.</summary>
    public string Database => database;

    /// <summary>A session in another database, by the same way.</summary>
    public async Task<Attempt<StorageSession>> InAsync(string other, CancellationToken cancellation)
    {
        var opened = await open(other, cancellation);
        return opened.Succeeded(out var there, out var failure)
            ? new Attempt<StorageSession>(new StorageSession(other, there, open, budget))
            : new Attempt<StorageSession>(failure);
    }

    /// <summary>The rows of one statement.</summary>
    public async Task<Attempt<IReadOnlyList<T>>> AskAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
    {
        if (session is null)
        {
            var opened = await open(database, cancellation);
            if (!opened.Succeeded(out session, out var refused)) return new Attempt<IReadOnlyList<T>>(refused);
        }
        if (budget.Share(StatementLimit) is not { } limit) return new Attempt<IReadOnlyList<T>>(ReadingTime.Over);
        var answer = await session.RunAsync<IReadOnlyList<T>>(async (connection, stop) =>
        {
            var rows = new List<T>();
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop)) rows.Add(row(reader));
            return rows;
        }, DatabaseActivity.Reading, limit, cancellation);
        // The driver ends a session over errors of its own choosing (58P01 is one). Not over a statement that was refused.
        if (!answer.Succeeded(out _, out var failure) && failure.SqlState is not ['4', '2', ..]) await LetGoAsync();
        return answer;
    }

    public ValueTask DisposeAsync() => LetGoAsync();

    private async ValueTask LetGoAsync()
    {
        if (session is null) return;
        await session.DisposeAsync();
        session = null;
    }
}
