using System.Globalization;
using Automation.Database;
using Automation.Fleet;

namespace Automation.Storage.Bytes;

/// <summary>Measures a <see cref="ByteTable"/>: all that is seen counts, and all that is not is named.</summary>
internal sealed class ByteTableReader(StorageAccess access, TimeProvider time)
{
    private const int DatabasesEntered = 3;
    private const string NoSuchDirectory = "58P01", NotAllowed = "42501";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="database">As RDS describes it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A failure only when there is no session to be had, or it does not even tell the server's version.</returns>
    public async Task<Attempt<ByteTable>> ReadAsync(RdsDatabase database, CancellationToken cancellation)
    {
        var (at, blind) = (time.GetUtcNow(), new List<string>());
        var opened = await access.OpenAsync(database, new ReadingTime(Limit, time), blind, cancellation);
        if (!opened.Succeeded(out var home, out var failure)) return new Attempt<ByteTable>(failure);
        await using var _ = home;
        var asked = await home.AskAsync(StorageSql.Server, StorageRows.Server, cancellation);
        if (!asked.Succeeded(out var answer, out failure)) return new Attempt<ByteTable>(failure);
        var server = answer[0];
        if (server.HiddenSessions > 0)
            blind.Add(string.Create(CultureInfo.InvariantCulture, $"{server.HiddenSessions} sessions are hidden from {server.Role}, so what they hold is unknown: GRANT pg_monitor (sql/bootstrap.sql)."));

        var databases = await AskAsync(home, StorageSql.Databases, StorageRows.Database, "the sizes of the databases", blind, cancellation) ?? [];
        foreach (var unseen in databases.Where(one => one.Database.Bytes is null))
            blind.Add($"The size of the database {Shown.Name(unseen.Database.Name)} is not shown to {server.Role}, who has neither CONNECT on it nor pg_monitor.");
        var wal = await SumAsync(home, StorageSql.Wal, "WAL", blind, cancellation);
        var logs = await LogsAsync(home, blind, cancellation);
        var temporary = await AskAsync(home, StorageSql.Temporary, StorageRows.Temporary, "temporary files", blind, cancellation);
        if (server.ParallelWorkers > 0)
            blind.Add("Parallel queries run at this moment: what their hashes have on disk is in directories that PostgreSQL shows to nobody, and counts as other.");
        var slots = await AskAsync(home, StorageSql.Slots(server.Version), StorageRows.Slot, "replication slots", blind, cancellation);
        if (slots is [var (count, _), ..] && count > slots.Count)
            blind.Add(string.Create(CultureInfo.InvariantCulture, $"There are {count} replication slots: the {slots.Count} that hold most WAL are shown."));
        var holders = await AskAsync(home, StorageSql.XminHolders, StorageRows.Holder, "what keeps dead rows", blind, cancellation);
        var (relations, largeObjects) = await EnterAsync(home, [.. databases.Where(one => one is { MayEnter: true, Database.Bytes: not null })], blind, cancellation);

        return new Attempt<ByteTable>(new ByteTable
        {
            At = at,
            InRecovery = server.InRecovery,
            Databases = [.. databases.Select(one => one.Database with { LargeObjects = largeObjects.TryGetValue(one.Database.Name, out var bytes) ? bytes : null })],
            Relations = [.. relations.OrderByDescending(relation => relation.Bytes)],
            Wal = wal,
            // No row is no file, where the question was answered.
            Temporary = temporary is null ? null : temporary is [var (all, _), ..] ? all : 0,
            Logs = logs,
            Slots = slots?.Select(one => one.Slot).ToList(),
            TemporaryUsers = [.. (temporary ?? []).Select(one => one.User)],
            // The oldest may be one of the sessions that are hidden.
            XminHolders = server.HiddenSessions > 0 ? null : holders,
            Blind = blind,
        });
    }

    private static async Task<(List<RelationBytes> Relations, Dictionary<string, long> LargeObjects)> EnterAsync(
        StorageSession home, IReadOnlyList<DatabaseRow> enterable, List<string> blind, CancellationToken cancellation)
    {
        var (relations, largeObjects) = (new List<RelationBytes>(), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var name in enterable.Take(DatabasesEntered).Select(one => one.Database.Name))
        {
            if (name == home.Database)
            {
                await LookAsync(home);
                continue;
            }
            var opened = await home.InAsync(name, cancellation);
            if (opened.Succeeded(out var there, out var failure))
            {
                await using (there) await LookAsync(there);
            }
            else
            {
                blind.Add($"The database {Shown.Name(name)} did not let us in, so its relations and large objects are told by its size only: {Shown.Failure(failure.Sentence)}");
            }
        }
        if (enterable.Count > DatabasesEntered)
            blind.Add(string.Create(CultureInfo.InvariantCulture, $"Of {enterable.Count} databases the {DatabasesEntered} largest were looked into: the others are told by their size only, large objects included."));
        return (relations, largeObjects);

        async Task LookAsync(StorageSession session)
        {
            var place = $"of the database {Shown.Name(session.Database)}";
            var rows = await AskAsync(session, StorageSql.Relations, row => StorageRows.Relation(row, session.Database), $"the relations {place}", blind, cancellation) ?? [];
            relations.AddRange(rows.Select(one => one.Relation));
            if (rows.Any(one => one.Locked))
            {
                var names = rows.Where(one => one.Locked).Select(one => Shown.Name($"{one.Relation.Schema}.{one.Relation.Name}"));
                blind.Add($"Locked at this moment (VACUUM FULL, ALTER TABLE), so told by their last known size {place}: {string.Join(", ", names)}.");
            }
            if (await SumAsync(session, StorageSql.LargeObjects, $"large objects {place}", blind, cancellation) is { } bytes)
                largeObjects[session.Database] = bytes;
        }
    }

    private static async Task<long?> SumAsync(StorageSession session, string sql, string what, List<string> blind, CancellationToken cancellation)
    {
        var asked = await session.AskAsync(sql, StorageRows.Bytes, cancellation);
        if (asked.Succeeded(out var rows, out var failure)) return rows[0];
        blind.Add(Sentence(what, failure));
        return null;
    }

    private static async Task<long?> LogsAsync(StorageSession session, List<string> blind, CancellationToken cancellation)
    {
        var asked = await session.AskAsync(StorageSql.Logs, StorageRows.Bytes, cancellation);
        if (asked.Succeeded(out var rows, out var failure)) return rows[0];
        // A server that collects no logs has no directory for them: that is an answer.
        if (failure.SqlState == NoSuchDirectory) return 0;
        blind.Add(Sentence("the logs", failure));
        return null;
    }

    private static async Task<IReadOnlyList<T>?> AskAsync<T>(
        StorageSession session, string sql, Func<Npgsql.NpgsqlDataReader, T> row, string what, List<string> blind, CancellationToken cancellation)
    {
        var asked = await session.AskAsync(sql, row, cancellation);
        if (asked.Succeeded(out var rows, out var failure)) return rows;
        blind.Add(Sentence(what, failure));
        return null;
    }

    private static string Sentence(string what, DatabaseFailure failure) =>
        $"Not seen: {what}. {Shown.Failure(failure.Sentence)}{(failure.SqlState == NotAllowed ? ": GRANT pg_monitor (sql/bootstrap.sql)." : "")}";
}
