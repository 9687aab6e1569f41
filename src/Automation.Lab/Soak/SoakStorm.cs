using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>
/// Sessions of one application that hold what they do not use, beside some that must live. Some of the clients come back to work at
/// the worst of all moments.
/// </summary>
internal sealed class SoakStorm : IAsyncDisposable
{
    private static readonly TimeSpan BackAtWork = TimeSpan.FromSeconds(20);
    private readonly SoakDatabase database;
    private readonly List<Member> members = [];
    private readonly ConcurrentBag<Task> working = [];
    private readonly Lock gate = new();
    private int returning;

    private SoakStorm(SoakDatabase database, int returning) => (this.database, this.returning) = (database, returning);

    /// <param name="database">Where.</param>
    /// <param name="returning">How many clients come back to work when they are chosen.</param>
    public static SoakStorm Over(SoakDatabase database, int returning) => new(database, returning);

    /// <summary>Lets it break out; whoever dies meanwhile is a member too.</summary>
    /// <param name="number">Of the storm: each is another application's, or it would be told as recurring.</param>
    /// <param name="passwords">Of the roles <c>shop</c> and <see cref="SoakNames.ProtectedRole"/>.</param>
    /// <param name="sessions">How many do nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task BreakOutAsync(int number, (string Shop, string Protected) passwords, int sessions, CancellationToken cancellation)
    {
        var application = string.Create(CultureInfo.InvariantCulture, $"shop-{number}");
        Work(await OpenAsync("shop", passwords.Shop, application, "a query at work", null, true, cancellation));
        await OpenAsync(SoakNames.ProtectedRole, passwords.Protected, application, "protected by tag", "BEGIN; SELECT 1", true, cancellation);
        await OpenAsync("shop", passwords.Shop, application, "holds an advisory lock", $"SELECT pg_advisory_lock({number})", true, cancellation);
        await OpenAsync("shop", passwords.Shop, application, "waits for notifications", "LISTEN mail", true, cancellation);
        for (var n = 0; n < sessions; n++)
            await OpenAsync("shop", passwords.Shop, application, n % 2 == 0 ? "forgot its transaction" : "does nothing", n % 2 == 0 ? "BEGIN; SELECT 1" : "SELECT 1", false, cancellation);
    }

    public string Database => database.Id;

    /// <summary>The record of a session's end is on its way: whether it lives, and perhaps its client comes back to work now.</summary>
    /// <returns><c>null</c> when it is none of this storm.</returns>
    public async Task<bool?> ChosenAsync(string key, CancellationToken cancellation)
    {
        Member? chosen;
        bool returns;
        lock (gate)
        {
            chosen = members.Find(member => member.Key == key);
            returns = chosen is { Protected: false } && returning > 0;
            if (returns) returning--;
        }
        if (chosen is null) return null;
        var lives = (await database.Instance.BackendsAsync(cancellation)).GetValueOrDefault(chosen.Pid) == chosen.Start;
        if (!returns || !lives) return lives;
        Work(chosen);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(BackAtWork);
        while (await database.Instance.StateAsync(chosen.Pid, limit.Token) != "active") await Task.Yield();
        // From here on it is at work, and stays so.
        chosen.Protected = true;
        (chosen.What, chosen.CameBack) = (chosen.What + ", then came back to work", true);
        return true;
    }

    /// <summary>Who lives, before the storm is taken down.</summary>
    public async Task<IReadOnlyList<StormSession>> CountAsync(CancellationToken cancellation)
    {
        var backends = await database.Instance.BackendsAsync(cancellation);
        return [.. Members().Select(member => new StormSession(
            database.Id, member.Key, member.What, member.Protected, backends.TryGetValue(member.Pid, out var start) && start == member.Start) { CameBack = member.CameBack })];
    }

    public async ValueTask DisposeAsync()
    {
        var pids = string.Join(',', Members().Select(member => member.Pid.ToString(CultureInfo.InvariantCulture)));
        try
        {
            // A session in the middle of a statement cannot be closed from the client's side.
            if (pids.Length > 0 && database.Instance.Server.IsRunning)
                await database.Instance.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN ({pids}) AND usename IN ('shop', '{SoakNames.ProtectedRole}')", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Ctrl-C in a terminal reaches the server too.
        }
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var member in Members()) await member.Connection.DisposeAsync();
    }

    private List<Member> Members()
    {
        lock (gate) return [.. members];
    }

    private async Task<Member> OpenAsync(string role, string password, string application, string what, string? sql, bool isProtected, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(database.Instance.Login(role, password, application).ConnectionString);
        await connection.OpenAsync(cancellation);
        var member = new Member(connection, $"{application}: {what}") { Protected = isProtected };
        lock (gate) members.Add(member);
        try
        {
            await using (var start = new NpgsqlCommand("SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection))
                member.Start = (DateTime)(await start.ExecuteScalarAsync(cancellation))!;
            if (sql is null) return member;
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (NpgsqlException) when (!cancellation.IsCancellationRequested)
        {
            // It was ended already: whether it might be is judged with the others.
        }
        return member;
    }

    private void Work(Member member)
    {
        var command = new NpgsqlCommand("SELECT pg_sleep(3600)", member.Connection) { CommandTimeout = 0 };
        working.Add(Task.Run(async () =>
        {
            await using (command) await command.ExecuteNonQueryAsync(CancellationToken.None);
        }));
    }

    private sealed class Member(NpgsqlConnection connection, string what)
    {
        public NpgsqlConnection Connection => connection;
        public int Pid { get; } = connection.ProcessID;
        public DateTime Start { get; set; }
        public string What { get; set; } = what;
        public bool CameBack { get; set; }
        public volatile bool Protected;

        /// <summary>As the ledger names it.</summary>
        public string Key => string.Create(CultureInfo.InvariantCulture, $"{Pid}-{Start:yyyyMMddHHmmssffffff}");
    }
}
