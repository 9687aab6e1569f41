using System.Globalization;
using Automation.Lab.Postgres;
using Npgsql;

namespace Automation.Lab.Incidents;

/// <summary>
/// Real sessions that take every slot: three applications that hold what they do not use, a fourth that works hard, and
/// those that must survive whatever happens.
/// </summary>
internal sealed class ConnectionStorm : IAsyncDisposable
{
    /// <summary>The database's policy: limits of seconds, because nobody waits minutes for a storm in the lab.</summary>
    public const string Policy = "act target=0.70 idle-in-transaction=2s idle=3s max=5 protect=" + ProtectedRole;

    /// <summary>The role that the policy protects.</summary>
    public const string ProtectedRole = "billing";

    /// <summary>The application that is locked out.</summary>
    public const string LockedOut = "checkout";

    private static readonly string[] Roles = ["checkout", "catalog", "reports", "web", ProtectedRole, "scheduler", "mailer", "batch"];

    private readonly LabInstance database;
    private readonly Dictionary<string, string> passwords = new(StringComparer.Ordinal);
    private readonly List<StormMember> members = [];
    private readonly List<Task> working = [];
    private WalReceiver? replica;

    private ConnectionStorm(LabInstance database) => this.database = database;

    /// <summary>Every session that was opened.</summary>
    public IReadOnlyList<StormMember> Members => members;

    /// <summary>Sessions that must be alive at the end, whatever was done.</summary>
    public IEnumerable<StormMember> Protected => members.Where(member => member.Protected);

    /// <summary>Opens sessions until the server refuses one.</summary>
    public static async Task<ConnectionStorm> BreakOutAsync(LabInstance database, CancellationToken cancellation)
    {
        var storm = new ConnectionStorm(database);
        try
        {
            await storm.BreakOutAsync(cancellation);
            return storm;
        }
        catch
        {
            await storm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when every session that does nothing has done so for longer than the policy's limits.</summary>
    public async Task WaitUntilPastLimitsAsync(CancellationToken cancellation)
    {
        const string Young = """
            SELECT count(*)::text FROM pg_stat_activity
            WHERE usename IN ('checkout', 'catalog', 'reports') AND state LIKE 'idle%' AND state_change > clock_timestamp() - interval '3 s'
            """;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await database.QueryAsync(Young, cancellation)) is not [["0"]]) await timer.WaitForNextTickAsync(cancellation);
    }

    /// <summary>Logs in as the locked-out application, as a new pod of it would.</summary>
    /// <returns><c>null</c> when it is in, else the server's words.</returns>
    public async Task<string?> TryLogInAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database.Login(LockedOut, passwords[LockedOut], LockedOut).ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return null;
        }
        catch (PostgresException e)
        {
            return $"{e.Severity}: {e.MessageText} ({e.SqlState})";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (replica is not null) await replica.DisposeAsync();
        // A session in the middle of a statement cannot be closed from the client's side.
        var pids = string.Join(',', members.Where(member => member.Connection is not null).Select(member => member.Pid.ToString(CultureInfo.InvariantCulture)));
        try
        {
            if (pids.Length > 0 && database.Server.IsRunning)
                await database.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN ({pids})", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Ctrl-C in a terminal reaches the server too: it is going away, and its sessions with it.
        }
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var member in members)
        {
            if (member.Connection is { } connection) await connection.DisposeAsync();
        }
    }

    private async Task BreakOutAsync(CancellationToken cancellation)
    {
        // One that was there before, so that the policy could name it, has a password nobody knows.
        await database.Server.ExecuteAsync($"DROP ROLE IF EXISTS {ProtectedRole}", cancellation);
        foreach (var role in Roles) passwords[role] = await database.CreateLoginAsync(role, cancellation);
        await database.Server.ExecuteAsync("""
            CREATE TABLE stock (id int PRIMARY KEY, amount int NOT NULL);
            INSERT INTO stock SELECT n, 100 FROM generate_series(1, 100) n;
            GRANT SELECT, UPDATE ON stock TO checkout, web;
            """, cancellation);

        // Those that must survive come first, so that they are there when it gets tight.
        replica = await database.StreamAsync("replica", cancellation);
        await OpenAsync(ProtectedRole, "open invoice, protected by tag", "BEGIN; SELECT 1", cancellation, isProtected: true);
        await OpenAsync("scheduler", "leader, holds an advisory lock", "SELECT pg_advisory_lock(42)", cancellation, isProtected: true);
        await OpenAsync("mailer", "waits for notifications", "LISTEN mail", cancellation, isProtected: true);
        await WorkAsync(await OpenAsync("batch", "a query at work", null, cancellation, isProtected: true), "SELECT pg_sleep(3600)");

        // 60 sessions that three applications hold and do not use.
        var blocker = await OpenAsync("checkout", "order that was never finished", "BEGIN; UPDATE stock SET amount = amount - 1 WHERE id = 1", cancellation);
        for (var n = 1; n < 24; n++)
            await OpenAsync("checkout", "request that forgot its transaction", n % 6 == 0
                ? $"BEGIN; UPDATE stock SET amount = amount - 1 WHERE id = {n + 1}"
                : "BEGIN; SELECT 1", cancellation);
        for (var n = 0; n < 20; n++) await OpenAsync("catalog", "pool that is too large", "SELECT 1", cancellation);
        for (var n = 0; n < 14; n++) await OpenAsync("reports", "dashboard left open", "SELECT 1", cancellation);
        for (var n = 0; n < 2; n++) await OpenAsync("reports", "report that failed", "BEGIN; SELECT 1/0", cancellation);

        // The rest is taken by an application that works; three of its requests wait for the order above.
        for (var n = 0; ; n++)
        {
            if (await TryOpenAsync("web", n < 3 ? "request that waits for a row" : "request at work", cancellation) is not { } busy) break;
            await WorkAsync(busy, n < 3 ? "UPDATE stock SET amount = amount + 1 WHERE id = 1" : "SELECT pg_sleep(3600)");
        }
        await AddStartTimesAsync(blocker, cancellation);
    }

    private async Task AddStartTimesAsync(StormMember blocker, CancellationToken cancellation)
    {
        var backends = await database.BackendsAsync(cancellation);
        for (var n = 0; n < members.Count; n++) members[n] = members[n] with { Start = backends[members[n].Pid] };
        members.Add(new StormMember("a replica's walsender", replica!.ProcessId, backends[replica.ProcessId], true, null));
        if (!backends.ContainsKey(blocker.Pid)) throw new InvalidOperationException("The storm's blocker is gone before anything was done.");
    }

    private async Task<StormMember> OpenAsync(string role, string what, string? sql, CancellationToken cancellation, bool isProtected = false)
    {
        var connection = new NpgsqlConnection(database.Login(role, passwords[role], role).ConnectionString);
        await connection.OpenAsync(cancellation);
        var member = new StormMember($"{role}: {what}", connection.ProcessID, default, isProtected, connection);
        members.Add(member);
        if (sql is null) return member;
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            // The failed report: its transaction is aborted now, and stays open.
        }
        return member;
    }

    private async Task<StormMember?> TryOpenAsync(string role, string what, CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(role, what, null, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return null;
        }
    }

    /// <summary>Returns when the server is at work on it.</summary>
    private async Task WorkAsync(StormMember member, string sql)
    {
        var command = new NpgsqlCommand(sql, member.Connection) { CommandTimeout = 0 };
        working.Add(Task.Run(async () =>
        {
            await using (command) await command.ExecuteNonQueryAsync(CancellationToken.None);
        }));
        while ((await database.StateAsync(member.Pid, CancellationToken.None)) != "active") await Task.Yield();
    }
}
