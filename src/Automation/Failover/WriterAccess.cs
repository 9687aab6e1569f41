using Automation.Database;
using Automation.Fleet;
using Npgsql;

namespace Automation.Failover;

/// <summary>The writer's own endpoint, for everything of a test that is not a probe: one session for each question.</summary>
internal sealed class WriterAccess(DatabaseLogin login, TrustedRoots roots, TimeProvider time)
{
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(8), StatementLimit = TimeSpan.FromSeconds(15), RowsLimit = TimeSpan.FromSeconds(30);

    public DatabaseLogin Login => login;

    public TrustedRoots Roots => roots;

    /// <summary>What the server says of itself, and of what our role may do.</summary>
    public Task<Attempt<ServerFacts>> FactsAsync(RdsDatabase database, CancellationToken cancellation) =>
        RunAsync(database, ReadFactsAsync, DatabaseActivity.Reading, StatementLimit, cancellation);

    /// <summary>Removes what an earlier test left, and makes the schema anew, all of it or nothing.</summary>
    /// <param name="database">Where.</param>
    /// <param name="comment"><see cref="ProbeSql.CommentOf"/>.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public Task<Attempt<bool>> PrepareAsync(RdsDatabase database, string comment, CancellationToken cancellation) =>
        ExecuteAsync(database, ProbeSql.Drop + "; " + ProbeSql.Create(comment), cancellation);

    public Task<Attempt<bool>> CleanUpAsync(RdsDatabase database, CancellationToken cancellation) => ExecuteAsync(database, ProbeSql.Drop, cancellation);

    /// <summary>Every row of the test and who has them. A table that is not there has none: that it was made was acknowledged, too.</summary>
    public Task<Attempt<(ServerFacts Server, IReadOnlyList<WrittenRow> Rows)>> RowsAsync(RdsDatabase database, CancellationToken cancellation) =>
        RunAsync<(ServerFacts, IReadOnlyList<WrittenRow>)>(
            database, async (connection, stop) => (await ReadFactsAsync(connection, stop), await ReadRowsAsync(connection, stop)), DatabaseActivity.Reading, RowsLimit, cancellation);

    private Task<Attempt<bool>> ExecuteAsync(RdsDatabase database, string sql, CancellationToken cancellation) => RunAsync(database, async (connection, stop) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
        return true;
    }, DatabaseActivity.Committing, StatementLimit, cancellation);

    private async Task<Attempt<T>> RunAsync<T>(RdsDatabase database, Func<NpgsqlConnection, CancellationToken, Task<T>> statements,
        DatabaseActivity activity, TimeSpan limit, CancellationToken cancellation)
    {
        var opened = await DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(database.Host!, database.Port, database.EndpointKind), login, roots, OwnSessions.Options, LoginLimit, time, cancellation);
        if (!opened.Succeeded(out var session, out var failure)) return new Attempt<T>(failure);
        await using var _ = session;
        return await session.RunAsync(statements, activity, limit, cancellation);
    }

    private static async Task<ServerFacts> ReadFactsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        ServerFacts facts;
        await using (var command = new NpgsqlCommand(ProbeSql.Facts, connection))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            await reader.ReadAsync(stop);
            facts = new ServerFacts
            {
                Identity = LaneProbe.IdentityOf(reader, null),
                IsAurora = reader.GetBoolean(4),
                MayCreateSchema = reader.GetBoolean(5),
                SchemaOwner = reader.IsDBNull(6) ? null : reader.GetString(6),
                StrangersInSchema = reader.GetInt32(7),
                SchemaComment = reader.IsDBNull(8) ? null : reader.GetString(8),
                Role = reader.GetString(9),
                Database = reader.GetString(10),
            };
        }
        if (!facts.IsAurora) return facts;
        await using var question = new NpgsqlCommand(ProbeSql.Read(aurora: true), connection);
        await using var answer = await question.ExecuteReaderAsync(stop);
        await answer.ReadAsync(stop);
        return facts with { Identity = LaneProbe.IdentityOf(answer, 4) };
    }

    private static async Task<IReadOnlyList<WrittenRow>> ReadRowsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            var rows = new List<WrittenRow>();
            await using var command = new NpgsqlCommand(ProbeSql.Rows, connection);
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop)) rows.Add(new WrittenRow(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
            return rows;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return [];
        }
    }
}
