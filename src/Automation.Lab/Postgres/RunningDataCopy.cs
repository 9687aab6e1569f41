using Automation.Lab.Setup;
using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>
/// The data of a running server, copied by PostgreSQL's low-level backup API: for the downloaded servers, which come without
/// <c>pg_basebackup</c>.
/// </summary>
/// <remarks>PostgreSQL, "Making a Base Backup Using the Low Level API".</remarks>
internal static class RunningDataCopy
{
    private const string Wal = "pg_wal";

    /// <param name="server">Runs, and goes on running.</param>
    /// <param name="folder">Exists and is empty.</param>
    /// <param name="owner">Gets the files.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task TakeAsync(PostgresServer server, string folder, UnixUser? owner, CancellationToken cancellation)
    {
        // The backup lasts as long as the session that began it.
        await using var admin = await server.OpenAdminAsync(cancellation);
        await ScalarAsync(admin, server.Major >= 15 ? "SELECT pg_backup_start('lab', true)" : "SELECT pg_start_backup('lab', true, false)", cancellation);
        Copy(server.DataFolder, folder, owner, name => name != Wal);
        var label = await ScalarAsync(
            admin, $"SELECT labelfile FROM {(server.Major >= 15 ? "pg_backup_stop(false)" : "pg_stop_backup(false, false)")}", cancellation);
        // Last: the WAL that makes the files consistent ends with the backup.
        Copy(server.DataFolder, folder, owner, name => name == Wal);
        var path = Path.Combine(folder, "backup_label");
        await File.WriteAllTextAsync(path, (string)label!, cancellation);
        owner?.Own(path);
    }

    private static void Copy(string from, string to, UnixUser? owner, Func<string, bool> wanted)
    {
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos().Where(e => wanted(e.Name) && !IsOfTheProcess(e.Name)))
        {
            var target = Path.Combine(to, entry.Name);
            try
            {
                if (entry is DirectoryInfo folder)
                {
                    Directory.CreateDirectory(target, folder.UnixFileMode);
                    Copy(folder.FullName, target, owner, static _ => true);
                }
                else
                {
                    File.Copy(entry.FullName, target);
                }
                owner?.Own(target);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // The server removed it meanwhile: the WAL knows.
            }
        }
    }

    private static bool IsOfTheProcess(string name) =>
        name is "postmaster.pid" or "postmaster.opts" or "pg_internal.init" || name.StartsWith("pgsql_tmp", StringComparison.Ordinal);

    private static async Task<object?> ScalarAsync(NpgsqlConnection session, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync(cancellation);
    }
}
