using System.Globalization;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Npgsql;

namespace Automation.Lab.Storage;

/// <summary>Makes a server's files grow by GiBs that no disk has to hold, and that PostgreSQL reads and counts as its own.</summary>
/// <param name="server">The one that runs at the moment.</param>
internal sealed class SparseGrowth(Func<PostgresServer> server)
{
    /// <summary>PostgreSQL's page, and the 131,072 of them that make a file of a table full.</summary>
    private const long Page = 8192, FullFile = 131_072 * Page;

    /// <summary>
    /// Ends that many WAL segments right after they were begun. They stay for as long as a slot, or a standby, needs them;
    /// what was written into them is a few bytes.
    /// </summary>
    public async Task GrowWalAsync(int segments, CancellationToken cancellation)
    {
        var (data, _) = Here();
        await using var admin = await server().OpenAdminAsync(cancellation);
        for (var i = 0; i < segments; i++)
        {
            // Without a record in it a segment is not switched.
            await using var write = new NpgsqlCommand("SELECT pg_logical_emit_message(false, 'lab', 'grow')", admin);
            await write.ExecuteScalarAsync(cancellation);
            await using var end = new NpgsqlCommand("SELECT file_name, file_offset FROM pg_walfile_name_offset(pg_switch_wal())", admin);
            await using var reader = await end.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            // The server fills the rest of the segment with zeros and never touches it again: a hole reads the same.
            Punch(Path.Combine(data, "pg_wal", reader.GetString(0)), RoundUp(reader.GetInt32(1)));
        }
    }

    /// <summary>
    /// Makes a table longer by pages of zeros, which are empty pages to PostgreSQL: scans and VACUUM pass over them, and the size
    /// functions count them. No standby and no base backup gets them as holes.
    /// </summary>
    /// <param name="table">As it is written in SQL, with its schema where needed.</param>
    /// <param name="bytes">How much longer, rounded up to whole pages.</param>
    /// <param name="cancellation">Gives up; the table keeps what it has by then.</param>
    /// <param name="database">Where the table is.</param>
    public async Task ExtendRelationAsync(string table, long bytes, CancellationToken cancellation, string database = "postgres")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var (data, owner) = Here();
        await using var admin = await server().OpenAdminAsync(database, cancellation);
        await using var transaction = await admin.BeginTransactionAsync(cancellation);
        // Alone with the table: who inserts would add its pages where ours go. And VACUUM would cut empty pages off its end.
        await RunAsync($"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", admin, cancellation);
        await RunAsync($"ALTER TABLE {table} SET (vacuum_truncate = false)", admin, cancellation);
        var (path, size) = await FileAsync(table, admin, cancellation);
        var target = size + RoundUp(bytes);
        // All but the last are full: PostgreSQL looks for the next only then.
        for (long file = size / FullFile; file * FullFile < target; file++)
        {
            cancellation.ThrowIfCancellationRequested();
            SparseFile.Extend(Path.Combine(data, Named(path, file)), Math.Min(FullFile, target - file * FullFile), owner);
        }
        await transaction.CommitAsync(cancellation);
    }

    private static void Punch(string segment, long from)
    {
        try
        {
            SparseFile.Punch(segment, from);
        }
        catch (FileNotFoundException)
        {
            // Nobody needed it: a checkpoint was faster.
        }
    }

    private static async Task<(string Path, long Size)> FileAsync(string table, NpgsqlConnection admin, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_relation_filepath(CAST($1 AS regclass)), pg_relation_size(CAST($1 AS regclass))", admin);
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetString(0), reader.GetInt64(1));
    }

    private static async Task RunAsync(string sql, NpgsqlConnection admin, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static long RoundUp(long bytes) => (bytes + Page - 1) / Page * Page;

    private static string Named(string path, long file) => file == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{file}");

    private (string Data, UnixUser? Owner) Here() => (server().DataFolder, UnixUser.ForServers());
}
