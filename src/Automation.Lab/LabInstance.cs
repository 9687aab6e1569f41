using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Automation.Lab.Account;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Tls;
using Npgsql;

namespace Automation.Lab;

/// <summary>What differs between two instances of the lab.</summary>
internal sealed record LabInstanceOptions
{
    /// <summary>The DB instance identifier.</summary>
    public required string Id { get; init; }
    public required PostgresBinaries Binaries { get; init; }
    public required LabDirectory Directory { get; init; }
    public required LabCertificateAuthority Authority { get; init; }
    public required string Region { get; init; }

    /// <summary>Who may sign tokens, as the account's IAM knows it.</summary>
    public required Func<string, GateCredential?> Credentials { get; init; }

    public int MaxConnections { get; init; } = 100;
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public required TimeProvider Time { get; init; }
}

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
    private readonly LabInstanceOptions options;
    private readonly SemaphoreSlim asking = new(1, 1);
    private readonly NpgsqlConnection admin;

    private LabInstance(LabInstanceOptions options, PostgresServer server, DatabaseGate gate, NpgsqlConnection admin)
    {
        this.options = options;
        Server = server;
        Gate = gate;
        this.admin = admin;
    }

    public string Id => options.Id;

    public PostgresServer Server { get; }

    public DatabaseGate Gate { get; }

    public static async Task<LabInstance> StartAsync(LabInstanceOptions options, CancellationToken cancellation)
    {
        var keepsReserve = options.Binaries.Major >= 16;
        var server = await PostgresServer.CreateAsync(new PostgresServerOptions
        {
            Name = options.Id,
            Binaries = options.Binaries,
            Directory = options.Directory,
            Authority = options.Authority,
            Durable = false,
            Settings = new Dictionary<string, string>
            {
                ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
                ["log_statement"] = "ddl", // what the server is sent shows in its log, as many have it on RDS
                ["superuser_reserved_connections"] = SuperuserReserved.ToString(CultureInfo.InvariantCulture),
                [keepsReserve ? "reserved_connections" : "rds.rds_superuser_reserved_connections"] = RdsReserved.ToString(CultureInfo.InvariantCulture),
            },
        }, cancellation);
        try
        {
            await using (var master = new NpgsqlConnection(server.Connection(server.MasterUser, server.MasterPassword).ConnectionString))
            {
                await master.OpenAsync(cancellation);
                await AutomationRole.CreateAsync(master, AutomationUser, keepsReserve ? null : "rds_superuser", cancellation);
            }
            // One session for all questions: a second one would take a slot that the storm is about.
            var admin = await server.OpenAdminAsync(cancellation);
            LabInstance instance = null!;
            var gate = DatabaseGate.Start(new GateOptions
            {
                Kind = GateKind.Instance,
                PublicHost = PublicHost,
                Certificate = options.Authority.Issue(PublicHost).Certificate,
                Backend = new IPEndPoint(IPAddress.Loopback, server.Port),
                IsIamUser = async (user, stop) => user == AutomationUser || await instance.LogsInByTokenAsync(user, stop),
                Credentials = options.Credentials,
                Region = options.Region,
                // The lab's own session takes one of the slots, as RDS's does.
                Reserve = keepsReserve ? null : new SlotReserve(
                    options.MaxConnections - SuperuserReserved - RdsReserved - 1, user => user == AutomationUser),
                Time = options.Time,
            });
            return instance = new LabInstance(options, server, gate, admin);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the account registers it: where it listens for everybody.</summary>
    public LabDatabase Registration => new()
    {
        Id = Id,
        Endpoint = new DatabaseEndpoint(PublicHost, Gate.Port),
        EngineVersion = Server.Version.ToString(),
        Tags = options.Tags,
        MasterUser = Server.MasterUser,
    };

    /// <summary>What CloudWatch would know.</summary>
    public IEnumerable<SampledMetric> Metrics => [SampledMetric.OfInstance(Id, "DatabaseConnections", "Count", CountConnectionsAsync)];

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

    /// <summary>A role with a password nobody else knows.</summary>
    public async Task<string> CreateLoginAsync(string role, CancellationToken cancellation)
    {
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
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
        await AutomationRole.CreateAsync(master, AutomationUser, KeepsReserve ? null : "rds_superuser", [first, second], cancellation);
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
        await Server.ExecuteAsync($"ALTER ROLE {first} PASSWORD '{password}'", cancellation);
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
        await Gate.DisposeAsync();
        await admin.DisposeAsync();
        await Server.DisposeAsync();
        asking.Dispose();
    }

    private bool KeepsReserve => options.Binaries.Major >= 16;

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

    private async Task<T> AskAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> read, CancellationToken cancellation)
    {
        await asking.WaitAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(sql, admin);
            return await read(command);
        }
        finally
        {
            asking.Release();
        }
    }
}
