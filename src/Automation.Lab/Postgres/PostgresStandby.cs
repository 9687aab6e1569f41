using System.Globalization;
using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>
/// A real hot standby of a running server: it streams the primary's WAL, answers reads, and can be promoted. Unlike on RDS,
/// the primary shows it in <c>pg_stat_replication</c>.
/// </summary>
internal sealed class PostgresStandby : IAsyncDisposable
{
    private const string Conninfo = "primary_conninfo";

    // A base backup begins with a checkpoint, which removes WAL, and ends with a new segment: of two in a row the second would
    // take what a standby has not read yet, which could never follow again, and all commits would wait for it. Not a slot: an
    // instance of RDS shows none for its standby.
    private const string KeptWal = "256MB";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private PostgresStandby(PostgresServer server) => Server = server;

    /// <summary>The standby's server; the primary once it is promoted.</summary>
    public PostgresServer Server { get; }

    /// <summary>Adds a standby; it streams, and is synchronous when asked to be, when the task ends.</summary>
    /// <param name="primary">Runs, and goes on running.</param>
    /// <param name="name">Names the standby's folder and itself at the primary; at most 20 characters.</param>
    /// <param name="options">How it follows.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The backup failed, or it did not start or stream: the message says which.</exception>
    public static async Task<PostgresStandby> AddAsync(
        PostgresServer primary, string name, StandbyOptions options, CancellationToken cancellation)
    {
        await SetAsync(primary, "wal_keep_size", KeptWal, cancellation);
        var backup = await BaseBackup.TakeAsync(primary, static _ => { }, cancellation);
        PostgresServer server;
        try
        {
            server = await PostgresServer.FollowAsync(backup, Follower(primary, name, options), primary.Port, cancellation);
        }
        finally
        {
            backup.Remove();
        }
        try
        {
            await WaitAsync(primary, $"{name} streams from {primary.Name}", StateIs(name, "state", "streaming"), cancellation);
            if (options.Synchronous)
            {
                await SetAsync(primary, "synchronous_standby_names", $"\"{name}\"", cancellation);
                await WaitAsync(primary, $"{name} is synchronous", StateIs(name, "sync_state", "sync"), cancellation);
            }
            return new PostgresStandby(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops receiving WAL and returns when everything received is applied: what the primary acknowledges from now on is not
    /// here, and what can be read here is what a promotion keeps. With a synchronous standby commits wait meanwhile.
    /// </summary>
    public async Task PauseReceivingAsync(CancellationToken cancellation)
    {
        await SetAsync(Server, Conninfo, "", cancellation);
        // The startup process waits like this only after it has found no more WAL anywhere.
        await WaitAsync(Server, $"{Server.Name} has stopped receiving", """
            SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver) AND EXISTS (
              SELECT FROM pg_stat_activity WHERE backend_type = 'startup' AND wait_event = 'RecoveryRetrieveRetryInterval')
            """, cancellation);
    }

    /// <summary>Goes on where <see cref="PauseReceivingAsync"/> stopped; returns when it streams.</summary>
    public async Task ResumeReceivingAsync(CancellationToken cancellation)
    {
        await SetAsync(Server, Conninfo, Server.Options.Settings[Conninfo], cancellation);
        await WaitAsync(Server, $"{Server.Name} receives again",
            "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')", cancellation);
    }

    /// <summary>Makes it a primary that waits for no standby; it takes writes when the task ends.</summary>
    /// <exception cref="InvalidOperationException">It did not become one in time.</exception>
    public async Task PromoteAsync(CancellationToken cancellation)
    {
        await using var admin = await Server.OpenAdminAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT pg_promote(true, $1)", admin)
        {
            Parameters = { new() { Value = (int)Limit.TotalSeconds } },
        };
        if (await command.ExecuteScalarAsync(cancellation) is not true)
            throw new InvalidOperationException($"{Server.Name} was not promoted within {Limit.TotalSeconds:0} s.");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    // Through the primary's Unix socket, as RDS's own superuser: no password in a file, and nothing a client could be.
    private static PostgresServerOptions Follower(PostgresServer primary, string name, StandbyOptions options)
    {
        var settings = new Dictionary<string, string>(primary.Options.Settings);
        foreach (var (setting, value) in options.Settings) settings[setting] = value;
        settings[Conninfo] = string.Create(CultureInfo.InvariantCulture,
            $"host={primary.Folder} port={primary.Port} user={PostgresDataFolder.AdminUser} application_name={name}");
        // How soon it asks again when the primary is away or has nothing.
        settings["wal_retrieve_retry_interval"] = "100ms";
        return primary.Options with { Name = name, Address = options.Address, Settings = settings };
    }

    private static string StateIs(string standby, string column, string state) =>
        $"SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = '{standby}' AND {column} = '{state}')";

    private static async Task SetAsync(PostgresServer server, string setting, string value, CancellationToken cancellation)
    {
        await using var admin = await server.OpenAdminAsync(cancellation);
        // Two commands: ALTER SYSTEM does not run in the transaction that two statements in one would be.
        await using var alter = new NpgsqlCommand($"ALTER SYSTEM SET {setting} = '{value.Replace("'", "''", StringComparison.Ordinal)}'", admin);
        await alter.ExecuteNonQueryAsync(cancellation);
        await using var reload = new NpgsqlCommand("SELECT pg_reload_conf()", admin);
        await reload.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task WaitAsync(PostgresServer server, string what, string condition, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        await using var admin = await server.OpenAdminAsync(limit.Token);
        await using var command = new NpgsqlCommand(condition, admin);
        try
        {
            while (await command.ExecuteScalarAsync(limit.Token) is not true) await Task.Delay(Pause, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Not within {Limit.TotalSeconds:0} s: {what}.");
        }
    }
}
