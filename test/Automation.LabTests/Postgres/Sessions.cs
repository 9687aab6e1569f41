using Automation.Lab.Postgres;
using Npgsql;

namespace Automation.LabTests.Postgres;

/// <summary>Sessions and statements as these tests need them; a session is closed when it is disposed.</summary>
internal static class Sessions
{
    public static Task<NpgsqlConnection> OpenMasterAsync(this PostgresServer server, string database = "postgres") =>
        server.OpenAsync(server.MasterUser, server.MasterPassword, database);

    public static async Task<NpgsqlConnection> OpenAsync(this PostgresServer server, string user, string? password = null, string database = "postgres")
    {
        var connection = new NpgsqlConnection(server.Connection(user, password, database).ConnectionString);
        try
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<string[]> StringsAsync(this NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(reader.GetString(0));
        return [.. rows];
    }

    public static async Task RunAsync(this NpgsqlConnection connection, string sql) => await connection.ScalarAsync(sql);

    /// <summary>Whether every standby has applied all that was written.</summary>
    public static async Task<bool> CaughtUpAsync(this PostgresServer server)
    {
        await using var admin = await server.OpenAdminAsync(TestContext.Current.CancellationToken);
        return await admin.ScalarAsync("SELECT bool_and(replay_lsn = pg_current_wal_lsn()) FROM pg_stat_replication") is true;
    }

    /// <summary>The SQLSTATE that the server answers with.</summary>
    public static async Task<string> RefusalAsync(Func<Task> attempt) => (await Assert.ThrowsAnyAsync<PostgresException>(attempt)).SqlState;
}
