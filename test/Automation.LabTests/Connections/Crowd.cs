using Npgsql;

namespace Automation.LabTests.Connections;

/// <summary>One client session: pid and start together name a backend.</summary>
internal sealed record CrowdMember(NpgsqlConnection Connection, int Pid, DateTime Start, bool Protected);

/// <summary>Clients of the fixture's server: those that may be ended and one of every kind that must not be.</summary>
internal sealed class Crowd(ReliefFixture fixture) : IAsyncDisposable
{
    private readonly List<CrowdMember> members = [];
    private readonly List<Task> working = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IReadOnlyList<CrowdMember> Members => members;

    /// <summary>Waits for a server without clients, then opens the protected ones: advisory lock, LISTEN, tag, query.</summary>
    public static async Task<Crowd> OpenAsync(ReliefFixture fixture)
    {
        var crowd = new Crowd(fixture);
        try
        {
            await Postgres.Eventually.TrueAsync(async () => await crowd.CountAsync() == 1); // the lab's own
            await crowd.AddAsync("worker", "leader", "SELECT pg_advisory_lock(99)", isProtected: true);
            await crowd.AddAsync("worker", "listener", "LISTEN jobs", isProtected: true);
            await crowd.AddAsync("vip", "vip", "BEGIN; SELECT 1", isProtected: true);
            var active = await crowd.AddAsync("worker", "batch", null, isProtected: true);
            crowd.Work(active);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    public async Task<CrowdMember> AddAsync(string role, string application, string? sql, bool isProtected = false)
    {
        var connection = new NpgsqlConnection(fixture.ConnectionString(role, application));
        try
        {
            await connection.OpenAsync(Cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        if (sql is not null)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
        var member = new CrowdMember(connection, connection.ProcessID, (await fixture.Database.BackendsAsync(Cancellation))[connection.ProcessID], isProtected);
        members.Add(member);
        return member;
    }

    /// <summary>Sessions that forgot their transaction.</summary>
    public async Task AddForgottenAsync(int count, string role = "shop", string application = "web")
    {
        for (var n = 0; n < count; n++) await AddAsync(role, application, "BEGIN; SELECT 1");
    }

    /// <summary>Opens sessions until the server refuses one; returns when every one of them is past the limits of a second.</summary>
    public async Task FillAsync()
    {
        try
        {
            while (true) await AddForgottenAsync(1);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            await UntilOldAsync(members.Count(member => !member.Protected));
        }
    }

    /// <summary>Waits until so many sessions are past a limit of one second.</summary>
    public Task UntilOldAsync(int count)
    {
        const string Old = """
            SELECT count(*)::text FROM pg_stat_activity
            WHERE usename = 'shop' AND state LIKE 'idle%' AND state_change < clock_timestamp() - interval '1.05 s'
            """;
        return Postgres.Eventually.TrueAsync(async () =>
            int.Parse((await fixture.Database.QueryAsync(Old, Cancellation))[0][0], null) >= count);
    }

    /// <summary>Those that are gone from the server.</summary>
    public async Task<IReadOnlyList<CrowdMember>> EndedAsync()
    {
        var alive = await fixture.Database.BackendsAsync(Cancellation);
        return [.. members.Where(member => alive.GetValueOrDefault(member.Pid) != member.Start)];
    }

    /// <summary>Puts a new session in the place of each one that was ended.</summary>
    public async Task RefillAsync(IReadOnlyCollection<CrowdMember> ended)
    {
        foreach (var member in ended)
        {
            members.Remove(member);
            await member.Connection.DisposeAsync();
        }
        await AddForgottenAsync(ended.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members.Where(member => member.Protected)) await EndWorkAsync(member.Pid);
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var member in members) await member.Connection.DisposeAsync();
        members.Clear();
    }

    private async Task<int> CountAsync() => int.Parse((await fixture.Database.QueryAsync(
        "SELECT count(*)::text FROM pg_stat_activity WHERE backend_type = 'client backend'", Cancellation))[0][0], null);

    private void Work(CrowdMember member)
    {
        var command = new NpgsqlCommand("SELECT pg_sleep(3600)", member.Connection);
        working.Add(Task.Run(async () =>
        {
            await using (command) await command.ExecuteNonQueryAsync(CancellationToken.None);
        }));
    }

    private async Task EndWorkAsync(int pid)
    {
        // A session in the middle of a statement cannot be closed from the client's side.
        await using var command = new NpgsqlCommand("SELECT pg_cancel_backend($1)") { Parameters = { new() { Value = pid } } };
        command.Connection = await fixture.Database.Server.OpenAdminAsync(CancellationToken.None);
        await using (command.Connection) await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
