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
    /// <param name="number">Of the storm: each is another application's, or it would be told as recurring.</param>
    /// <param name="passwords">Of the roles <c>shop</c> and <see cref="SoakNames.ProtectedRole"/>.</param>
    /// <param name="plan">How many.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<SoakStorm> BreakOutAsync(
        SoakDatabase database, int number, (string Shop, string Protected) passwords, SoakStep.Storm plan, CancellationToken cancellation)
    {
        var storm = new SoakStorm(database, plan.Returning);
        try
        {
            var application = string.Create(CultureInfo.InvariantCulture, $"shop-{number}");
            await storm.OpenAsync("shop", passwords.Shop, application, "a query at work", null, true, cancellation);
            storm.Work(storm.members[0]);
            await storm.OpenAsync(SoakNames.ProtectedRole, passwords.Protected, application, "protected by tag", "BEGIN; SELECT 1", true, cancellation);
            await storm.OpenAsync("shop", passwords.Shop, application, "holds an advisory lock", $"SELECT pg_advisory_lock({number})", true, cancellation);
            await storm.OpenAsync("shop", passwords.Shop, application, "waits for notifications", "LISTEN mail", true, cancellation);
            for (var n = 0; n < plan.Sessions; n++)
                await storm.OpenAsync("shop", passwords.Shop, application, n % 2 == 0 ? "forgot its transaction" : "does nothing", n % 2 == 0 ? "BEGIN; SELECT 1" : "SELECT 1", false, cancellation);
            var backends = await database.Instance.BackendsAsync(cancellation);
            foreach (var member in storm.members) member.Start = backends.GetValueOrDefault(member.Pid);
            return storm;
        }
        catch
        {
            await storm.DisposeAsync();
            throw;
        }
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
        chosen.What += ", then came back to work";
        return true;
    }

    /// <summary>Who lives, before the storm is taken down.</summary>
    public async Task<IReadOnlyList<StormSession>> CountAsync(CancellationToken cancellation)
    {
        var backends = await database.Instance.BackendsAsync(cancellation);
        return [.. members.Where(member => member.Start != default)
            .Select(member => new StormSession(database.Id, member.Key, member.What, member.Protected, backends.GetValueOrDefault(member.Pid) == member.Start))];
    }

    public async ValueTask DisposeAsync()
    {
        var pids = string.Join(',', members.Select(member => member.Pid.ToString(CultureInfo.InvariantCulture)));
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
        foreach (var member in members) await member.Connection.DisposeAsync();
    }

    private async Task OpenAsync(string role, string password, string application, string what, string? sql, bool isProtected, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(database.Instance.Login(role, password, application).ConnectionString);
        await connection.OpenAsync(cancellation);
        members.Add(new Member(connection, $"{application}: {what}") { Protected = isProtected });
        if (sql is null) return;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
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
        public volatile bool Protected;

        /// <summary>As the ledger names it.</summary>
        public string Key => string.Create(CultureInfo.InvariantCulture, $"{Pid}-{Start:yyyyMMddHHmmssffffff}");
    }
}
