using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Storage;
using Npgsql;

namespace Automation.Lab;

/// <summary>
/// One "RDS instance": a real PostgreSQL server behind a gate, with the automation's role made by <c>sql/bootstrap.sql</c>,
/// and the one session RDS itself keeps on every instance, through which its metrics are taken.
/// </summary>
internal sealed class LabInstance : IAsyncDisposable
{
    /// <summary>The default <c>DATABASE_USER</c>.</summary>
    public const string AutomationUser = "automation";

    // RDS's defaults: 3 for superusers, 2 for rds_superuser.
    private const int SuperuserReserved = 3, RdsReserved = 2;
    private const string PublicHost = "localhost";

    // With the standby's suffix still a server's name.
    private const int LongestStem = 18;
    private readonly LabInstanceOptions options;
    private readonly ServerPair servers;
    private readonly AdminSession admin;
    private readonly ConcurrentQueue<(string Role, string Password)> passwords = new();
    private readonly VolumeGuard? guard;

    private LabInstance(LabInstanceOptions options, ServerPair servers, Journal<string> log, AdminSession admin)
    {
        this.options = options;
        this.servers = servers;
        this.admin = admin;
        ServerLog = log;
        // The lab's own session takes one of the slots, as RDS's does.
        var reserve = KeepsReserve ? null : new SlotReserve(
            options.MaxConnections - SuperuserReserved - RdsReserved - 1, user => user == AutomationUser);
        Gate = DatabaseGate.Start(Endpoint(GateKind.Instance, new IPEndPoint(IPAddress.Loopback, 0), PublicHost, reserve));
        Proxy = options.Proxy ? LabProxy.Start(listen => Endpoint(GateKind.Proxy, listen, listen.Address.ToString(), reserve)) : null;
        if (options.Volume is not { } storage) return;
        Volume = new LabVolume(storage, () => servers.Primary);
        guard = new VolumeGuard(Volume, StopServingAsync, ServeAgainAsync, options.Time);
        guard.Watch();
    }

    public string Id => options.Id;

    /// <summary>The primary, whichever it is at the moment.</summary>
    public PostgresServer Server => servers.Primary;

    /// <summary>
    /// What a failover would promote: hold its WAL here. <c>null</c> of a single-AZ instance, and after a failover until
    /// <see cref="RestoreStandbyAsync"/> or the next one.
    /// </summary>
    public PostgresStandby? Standby => servers.Standby;

    /// <summary>What its servers wrote, the lost one and the promoted one too.</summary>
    public Journal<string> ServerLog { get; }

    public bool IsMultiAz => options.MultiAz is not null;

    public DatabaseGate Gate { get; }

    /// <summary>Its RDS Proxy; <c>null</c> without one.</summary>
    public LabProxy? Proxy { get; }

    /// <summary>Its storage; <c>null</c> where it was started without one.</summary>
    public LabVolume? Volume { get; }

    /// <summary>Enforcing the volume's size: fails as soon as that fails, and is cancelled by disposing.</summary>
    public Task Watching => guard?.Watching ?? Task.CompletedTask;

    public static async Task<LabInstance> StartAsync(LabInstanceOptions options, CancellationToken cancellation)
    {
        var keepsReserve = options.Binaries.Major >= 16;
        var log = new Journal<string>();
        var server = await PostgresServer.CreateAsync(new PostgresServerOptions
        {
            Name = options.Id,
            Binaries = options.Binaries,
            Directory = options.Directory,
            Authority = options.Authority,
            Durable = false,
            OnLine = log.Add,
            WalSegmentMegabytes = options.Volume is null ? null : LabVolume.WalSegmentMegabytes,
            Settings = Settings(options, keepsReserve),
        }, cancellation);
        var servers = new ServerPair(server, options.MultiAz?.Synchronous ?? false);
        try
        {
            await using (var master = new NpgsqlConnection(server.Connection(server.MasterUser, server.MasterPassword).ConnectionString))
            {
                await master.OpenAsync(cancellation);
                await AutomationRole.CreateAsync(
                    master, AutomationUser, keepsReserve ? null : "rds_superuser", [], testsFailover: options.MultiAz is not null, cancellation);
            }
            if (options.MultiAz is not null) await servers.AddStandbyAsync(StandbyName(options.Id), new Dictionary<string, string>(), cancellation);
            return new LabInstance(options, servers, log, await AdminSession.OpenAsync(server, cancellation));
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the account registers it: where it listens for everybody.</summary>
    public LabDatabase Registration => Volume is { Settings: var storage }
        ? Unmeasured with { AllocatedStorageGiB = storage.AllocatedGiB, StorageType = storage.StorageType }
        : Unmeasured;

    private LabDatabase Unmeasured => new()
    {
        Id = Id,
        Endpoint = new DatabaseEndpoint(PublicHost, Gate.Port),
        EngineVersion = Server.Version.ToString(),
        Tags = options.Tags,
        MasterUser = Server.MasterUser,
        MultiAz = IsMultiAz,
    };

    /// <summary>What CloudWatch would know.</summary>
    public IEnumerable<SampledMetric> Metrics
    {
        get
        {
            yield return SampledMetric.OfInstance(Id, "DatabaseConnections", "Count", CountConnectionsAsync);
            if (Volume is { } volume) yield return SampledMetric.OfInstance(Id, "FreeStorageSpace", "Bytes", _ => ValueTask.FromResult(Free(volume)));
        }
    }

    /// <summary>How an application comes in: through the gate, verified TLS, a password, one address an application.</summary>
    public NpgsqlConnectionStringBuilder Login(string role, string password, string application) => new()
    {
        Host = PublicHost,
        Port = Gate.Port,
        Username = role,
        Password = password,
        Database = "postgres",
        ApplicationName = application,
        SslMode = SslMode.VerifyFull,
        RootCertificate = Server.CaBundlePath,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
        Timeout = 10,
    };

    /// <summary>The same, through the RDS Proxy.</summary>
    public NpgsqlConnectionStringBuilder LoginThroughProxy(string role, string password, string application)
    {
        var login = Login(role, password, application);
        (login.Host, login.Port) = (Proxy!.Endpoint.Host, Proxy.Endpoint.Port);
        return login;
    }

    /// <summary>Plays a failover, or another outage; from its end on everything here is about the server that serves then.</summary>
    /// <returns>What really happened, when the endpoints serve again (or never will).</returns>
    /// <exception cref="InvalidOperationException">There is no standby to switch to.</exception>
    public Task<FailoverTruth> FailOverAsync(FailoverScript script, CancellationToken cancellation) =>
        FailOverAsync(script, Moment.Now(options.Time), static () => { }, cancellation);

    /// <inheritdoc cref="FailOverAsync(FailoverScript, CancellationToken)"/>
    /// <param name="script">What clients see.</param>
    /// <param name="acceptedAt">When it was asked for.</param>
    /// <param name="onOutage">Called when the outage begins.</param>
    /// <param name="cancellation">Gives up halfway.</param>
    public async Task<FailoverTruth> FailOverAsync(
        FailoverScript script, Moment acceptedAt, Action onOutage, CancellationToken cancellation) => Volume is null
        ? await PlayAsync(script, acceptedAt, onOutage, cancellation)
        : await Volume.AloneAsync(() => PlayAsync(script, acceptedAt, onOutage, cancellation), cancellation);

    /// <summary>Looks at once whether the volume's size stops the server, or lets it start again.</summary>
    public Task CheckVolumeAsync(CancellationToken cancellation) => guard?.CheckAsync(cancellation) ?? Task.CompletedTask;

    private async Task<FailoverTruth> PlayAsync(
        FailoverScript script, Moment acceptedAt, Action onOutage, CancellationToken cancellation)
    {
        if (script.Outcome == FailoverOutcome.Switched) await RestoreStandbyAsync(cancellation);
        return await new FailoverPlay(new FailoverParts
        {
            Primary = servers.Primary,
            Standby = servers.Standby,
            Direct = [Gate],
            Proxy = Proxy?.Gate,
            OnServer = async (server, isPrimary, stop) =>
            {
                await admin.MoveToAsync(server, stop);
                if (isPrimary && server != servers.Primary) servers.Switch();
            },
            OnOutage = onOutage,
        }, script, options.Time).RunAsync(acceptedAt, cancellation);
    }

    /// <summary>Makes it Multi-AZ again after a failover: by itself it is so before the next one, to keep measurements quiet.</summary>
    public Task RestoreStandbyAsync(CancellationToken cancellation) => servers.RejoinAsync(cancellation);

    /// <summary>The passwords of all roles that were made with one, and with which: what nobody may find in a report.</summary>
    public IReadOnlyCollection<(string Role, string Password)> Passwords => passwords;

    /// <summary>A role with a password nobody else knows.</summary>
    public async Task<string> CreateLoginAsync(string role, CancellationToken cancellation)
    {
        var password = NewPassword(role);
        await Server.CreateLoginAsync(role, password, "", cancellation);
        return password;
    }

    /// <summary>
    /// A pair of login roles that act as one owner, made as a person makes them on RDS: <c>sql/alternating-users.sql</c>, then
    /// <c>sql/bootstrap.sql</c> again, which lets the automation set their passwords.
    /// </summary>
    /// <returns>The first user's password; the second has none yet.</returns>
    public async Task<string> CreatePairAsync(string owner, string first, string second, CancellationToken cancellation)
    {
        await using var master = new NpgsqlConnection(Server.Connection(Server.MasterUser, Server.MasterPassword).ConnectionString);
        await master.OpenAsync(cancellation);
        await AutomationRole.CreatePairAsync(master, owner, [first, second], cancellation);
        await AutomationRole.CreateAsync(
            master, AutomationUser, KeepsReserve ? null : "rds_superuser", [first, second], testsFailover: IsMultiAz, cancellation);
        var password = NewPassword(first);
        await Server.ExecuteAsync($"ALTER ROLE {first} PASSWORD '{password}'", cancellation);
        return password;
    }

    /// <summary>A client that streams this database's WAL as a standby does, as a role of its own.</summary>
    public Task<WalReceiver> StreamAsync(string role, CancellationToken cancellation) =>
        WalReceiver.StartAsync(Server, role, NewPassword(role), cancellation);

    private string NewPassword(string role)
    {
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
        passwords.Enqueue((role, password));
        return password;
    }

    /// <summary>Every backend that lives, by pid, with its start, as the superuser sees it.</summary>
    public Task<Dictionary<int, DateTime>> BackendsAsync(CancellationToken cancellation) => AskAsync(
        "SELECT pid, backend_start FROM pg_stat_activity",
        async command =>
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var backends = new Dictionary<int, DateTime>();
            while (await reader.ReadAsync(cancellation)) backends[reader.GetInt32(0)] = reader.GetDateTime(1);
            return backends;
        }, cancellation);

    /// <summary>The state of one backend, <c>null</c> when it is gone or says nothing.</summary>
    public Task<string?> StateAsync(int pid, CancellationToken cancellation) => AskAsync(
        "SELECT state FROM pg_stat_activity WHERE pid = $1",
        async command =>
        {
            command.Parameters.Add(new NpgsqlParameter { Value = pid });
            return await command.ExecuteScalarAsync(cancellation) as string;
        }, cancellation);

    /// <summary>Rows of text, as psql would show them.</summary>
    public Task<IReadOnlyList<IReadOnlyList<string>>> QueryAsync(string sql, CancellationToken cancellation) =>
        AskAsync<IReadOnlyList<IReadOnlyList<string>>>(sql, async command =>
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<IReadOnlyList<string>>();
            while (await reader.ReadAsync(cancellation)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
            return rows;
        }, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (guard is not null) await guard.DisposeAsync();
        if (Proxy is not null) await Proxy.DisposeAsync();
        await Gate.DisposeAsync();
        await admin.DisposeAsync();
        await servers.DisposeAsync();
        Volume?.Dispose();
    }

    private static Dictionary<string, string> Settings(LabInstanceOptions options, bool keepsReserve)
    {
        var settings = new Dictionary<string, string>(options.Volume is null ? [] : LabVolume.ServerSettings)
        {
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["log_statement"] = "ddl", // what the server is sent shows in its log, as many have it on RDS
            ["superuser_reserved_connections"] = SuperuserReserved.ToString(CultureInfo.InvariantCulture),
            [keepsReserve ? "reserved_connections" : "rds.rds_superuser_reserved_connections"] = RdsReserved.ToString(CultureInfo.InvariantCulture),
        };
        if (!options.LogicalReplication) return settings;
        settings["wal_level"] = "logical";
        settings["rds.logical_replication"] = "on";
        return settings;
    }

    // New clients are refused before the server ends the sessions of those who are in: nobody comes back to a dying server.
    private async Task StopServingAsync()
    {
        Gate.Mode = GateMode.Refusing;
        await Server.StopAsync(PostgresShutdown.Fast);
    }

    private async Task ServeAgainAsync(CancellationToken cancellation)
    {
        await Server.StartAsync(cancellation);
        await admin.MoveToAsync(Server, cancellation);
        Gate.Mode = GateMode.Serving;
    }

    private double? Free(LabVolume volume) => Server.IsRunning ? volume.FreeBytes : null;

    private bool KeepsReserve => options.Binaries.Major >= 16;

    private static string StandbyName(string id) => (id.Length > LongestStem ? id[..LongestStem] : id) + "-b";

    private GateOptions Endpoint(GateKind kind, IPEndPoint listen, string host, SlotReserve? reserve) => new()
    {
        Kind = kind,
        Listen = listen,
        PublicHost = host,
        Certificate = options.Authority.Issue(host).Certificate,
        Backend = servers.Primary.EndPoint,
        IsIamUser = async (user, stop) => user == AutomationUser || await LogsInByTokenAsync(user, stop),
        Credentials = options.Credentials,
        Region = options.Region,
        Reserve = reserve,
        Time = options.Time,
    };

    private async ValueTask<bool> LogsInByTokenAsync(string user, CancellationToken cancellation) => await AskAsync(
        RdsIamRoles.Query,
        async command =>
        {
            command.Parameters.Add(new NpgsqlParameter { Value = user });
            return await command.ExecuteScalarAsync(cancellation) is true;
        }, cancellation);

    private async ValueTask<double?> CountConnectionsAsync(CancellationToken cancellation) => await AskAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'",
        async command => Convert.ToDouble(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture), cancellation);

    private Task<T> AskAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> read, CancellationToken cancellation) =>
        admin.AskAsync(sql, read, cancellation);
}
