using System.Collections.Concurrent;
using System.Data;
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
        var atWork = await OpenAsync("shop", passwords.Shop, application, "a query at work", cancellation);
        await GoToWorkAsync(atWork, cancellation);
        // By its role from its first moment on; the others by what they have done.
        var guarded = await OpenAsync(SoakNames.ProtectedRole, passwords.Protected, application, "protected by tag", cancellation);
        guarded.Protected = true;
        await DoAsync(guarded, "BEGIN; SELECT 1", cancellation);
        foreach (var (what, sql) in new[] { ("holds an advisory lock", $"SELECT pg_advisory_lock({number})"), ("waits for notifications", "LISTEN mail") })
        {
            var member = await OpenAsync("shop", passwords.Shop, application, what, cancellation);
            member.Protected = await DoAsync(member, sql, cancellation);
        }
        for (var n = 0; n < sessions; n++)
        {
            var (what, sql) = n % 2 == 0 ? ("forgot its transaction", "BEGIN; SELECT 1") : ("does nothing", "SELECT 1");
            await DoAsync(await OpenAsync("shop", passwords.Shop, application, what, cancellation), sql, cancellation);
        }
    }

    public string Database => database.Id;

    /// <summary>The record of a session's end is on its way: whether it lives, and perhaps its client comes back to work now.</summary>
    /// <returns><c>null</c> when it is none of this storm.</returns>
    public async Task<bool?> ChosenAsync(string key, CancellationToken cancellation)
    {
        var backends = await database.Instance.BackendsAsync(cancellation);
        Member? chosen;
        bool lives, returns;
        lock (gate)
        {
            chosen = members.Find(member => SessionKey.Names(key, member.Key));
            lives = chosen is not null && backends.TryGetValue(chosen.Pid, out var start) && SessionKey.Of(chosen.Pid, start) == key;
            returns = lives && chosen is { Protected: false } && returning > 0;
            if (returns) returning--;
        }
        if (chosen is null) return null;
        if (!returns || !await GoToWorkAsync(chosen, cancellation)) return lives;
        (chosen.What, chosen.CameBack) = (chosen.What + ", then came back to work", true);
        return true;
    }

    /// <summary>Who lives, before the storm is taken down.</summary>
    public async Task<IReadOnlyList<StormSession>> CountAsync(CancellationToken cancellation)
    {
        var backends = await database.Instance.BackendsAsync(cancellation);
        return [.. Members().Select(member =>
        {
            var lives = backends.TryGetValue(member.Pid, out var start) && SessionKey.Names(SessionKey.Of(member.Pid, start), member.Key);
            return new StormSession(database.Id, lives ? SessionKey.Of(member.Pid, start) : member.Key, member.What, member.Protected, lives) { CameBack = member.CameBack };
        })];
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

    private async Task<Member> OpenAsync(string role, string password, string application, string what, CancellationToken cancellation)
    {
        var login = database.Instance.Login(role, password, application);
        // A client that loses its patience ends its session itself, and nobody else may be blamed for it.
        login.CommandTimeout = 0;
        var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);
        var member = new Member(connection, $"{application}: {what}");
        lock (gate) members.Add(member);
        // Asked of the lab's own session: this one may be gone, and must not have done anything yet.
        if ((await database.Instance.BackendsAsync(cancellation)).TryGetValue(member.Pid, out var start)) member.Start = start;
        return member;
    }

    /// <returns>Whether it did; not when it was ended already: whether it might be is judged with the others.</returns>
    /// <exception cref="PostgresException">It failed, and its session lives: the lab's own trouble.</exception>
    private static async Task<bool> DoAsync(Member member, string sql, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, member.Connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        catch (NpgsqlException e) when (!cancellation.IsCancellationRequested && e is not PostgresException { SqlState: not PostgresErrorCodes.AdminShutdown })
        {
            return false;
        }
        catch (InvalidOperationException) when (member.Connection.State != ConnectionState.Open)
        {
            // Its driver has seen the end before.
            return false;
        }
    }

    /// <summary>From when this is true on it is at work, and stays so.</summary>
    /// <returns>Whether it is; not when it was ended before.</returns>
    private async Task<bool> GoToWorkAsync(Member member, CancellationToken cancellation)
    {
        var work = Task.Run(() => DoAsync(member, "SELECT pg_sleep(3600)", CancellationToken.None), CancellationToken.None);
        working.Add(work);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(BackAtWork);
        while (!work.IsCompleted)
        {
            if (await database.Instance.StateAsync(member.Pid, limit.Token) == "active") return member.Protected = true;
            await Task.Yield();
        }
        await work;
        return false;
    }

    private sealed class Member(NpgsqlConnection connection, string what)
    {
        private readonly Lock gate = new();
        private DateTime? start;

        public NpgsqlConnection Connection => connection;
        public int Pid { get; } = connection.ProcessID;
        public string What { get; set; } = what;
        public bool CameBack { get; set; }
        public volatile bool Protected;

        public DateTime? Start
        {
            set { lock (gate) start = value; }
        }

        /// <summary>As the ledger names it; without a start while that is not known.</summary>
        public string Key
        {
            get { lock (gate) return SessionKey.Of(Pid, start); }
        }
    }
}
