using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Automation.Lab.Account;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Npgsql;

namespace Automation.Lab.Failover;

/// <summary>
/// Two instances that look like an Aurora cluster: a writer and a reader, a cluster endpoint, a reader endpoint and one of
/// each instance. Storage is not shared: the reader is a streaming standby.
/// </summary>
internal sealed class LabAuroraCluster : IAsyncDisposable
{
    private const string WriterHost = "localhost";
    // All endpoints of a cluster have one port in the API: the reader endpoint has an address of its own.
    private const string ReaderHost = "127.0.0.2";
    private const string IdentitySetting = "lab.instance_id";
    private const int PortAttempts = 5;
    private readonly LabAuroraOptions options;
    private readonly ServerPair servers;
    private readonly List<LabAuroraMember> members = [];

    private LabAuroraCluster(LabAuroraOptions options, ServerPair servers)
    {
        (this.options, this.servers) = (options, servers);
        ReaderGate = StartReaderEndpoint();
        Gate = DatabaseGate.Start(Endpoint(GateKind.Instance, new IPEndPoint(IPAddress.Loopback, ReaderGate.Port), WriterHost, servers.Primary));
        Proxy = options.Proxy ? LabProxy.Start(listen => Endpoint(GateKind.Proxy, listen, listen.Address.ToString(), servers.Primary)) : null;
    }

    public string Id => options.Id;

    /// <summary>The cluster endpoint.</summary>
    public DatabaseGate Gate { get; }

    public DatabaseGate ReaderGate { get; }

    /// <summary>Its RDS Proxy; <c>null</c> without one.</summary>
    public LabProxy? Proxy { get; }

    public IReadOnlyList<LabAuroraMember> Members => members;

    public LabAuroraMember Writer => members.Single(m => m.Server == servers.Primary);

    /// <summary>The other one, which is away from a failover until <see cref="RestoreReaderAsync"/>.</summary>
    public LabAuroraMember Reader => members.Single(m => m.Server != servers.Primary);

    /// <summary>Whether an instance was lost in a failover and is not back.</summary>
    public bool IsAway(string instanceId) =>
        servers.Standby is null && string.Equals(Reader.Id, instanceId, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a failover would promote; <c>null</c> while the reader is away.</summary>
    public PostgresStandby? Standby => servers.Standby;

    /// <summary>As the account registers it now.</summary>
    public LabCluster Registration => new()
    {
        Id = Id,
        Endpoint = new DatabaseEndpoint(WriterHost, Gate.Port),
        ReaderEndpoint = new DatabaseEndpoint(ReaderHost, ReaderGate.Port),
        EngineVersion = servers.Primary.Version.ToString(),
        Tags = options.Tags,
        MasterUser = servers.Primary.MasterUser,
        Members =
        [
            .. new[] { Writer, Reader }.Select(member => new LabDatabase
            {
                Id = member.Id,
                Endpoint = new DatabaseEndpoint(WriterHost, member.Gate.Port),
                EngineVersion = servers.Primary.Version.ToString(),
                Engine = "aurora-postgresql",
                Tags = options.Tags,
            }),
        ],
    };

    public static async Task<LabAuroraCluster> StartAsync(LabAuroraOptions options, CancellationToken cancellation)
    {
        var (first, second) = (options.Id + "-1", options.Id + "-2");
        var primary = await PostgresServer.CreateAsync(new PostgresServerOptions
        {
            Name = first,
            Binaries = options.Binaries,
            Directory = options.Directory,
            Authority = options.Authority,
            Durable = false,
            Settings = Identity(first),
        }, cancellation);
        var servers = new ServerPair(primary, options.Synchronous);
        LabAuroraCluster? cluster = null;
        try
        {
            await primary.ExecuteAsync(
                $"CREATE FUNCTION pg_catalog.aurora_db_instance_identifier() RETURNS text LANGUAGE sql STABLE AS $$SELECT current_setting('{IdentitySetting}')$$",
                cancellation);
            await AutomationRole.CreateAsync(primary, LabInstance.AutomationUser, testsFailover: true, cancellation);
            await servers.AddStandbyAsync(second, Identity(second), cancellation);
            cluster = new LabAuroraCluster(options, servers);
            await cluster.AddMemberAsync(first, primary, cancellation);
            await cluster.AddMemberAsync(second, servers.Standby!.Server, cancellation);
            return cluster;
        }
        catch
        {
            await (cluster?.DisposeAsync() ?? servers.DisposeAsync());
            throw;
        }
    }

    /// <summary>How an application comes in: through the cluster endpoint, verified TLS, a password.</summary>
    public NpgsqlConnectionStringBuilder Login(string role, string password, string application) =>
        Login(new DatabaseEndpoint(WriterHost, Gate.Port), role, password, application);

    /// <inheritdoc cref="Login(string, string, string)"/>
    /// <param name="endpoint">Through which of the endpoints.</param>
    /// <param name="role">The login role.</param>
    /// <param name="password">Its password.</param>
    /// <param name="application">Its <c>application_name</c>.</param>
    public NpgsqlConnectionStringBuilder Login(DatabaseEndpoint endpoint, string role, string password, string application)
    {
        var login = servers.Primary.Connection(role, password);
        (login.Host, login.Port, login.ApplicationName) = (endpoint.Host, endpoint.Port, application);
        return login;
    }

    /// <summary>A role with a password nobody else knows.</summary>
    public async Task<string> CreateLoginAsync(string role, CancellationToken cancellation)
    {
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
        await servers.Primary.CreateLoginAsync(role, password, "", cancellation);
        return password;
    }

    /// <summary>Makes the reader the writer, or plays another outage of the writer.</summary>
    /// <returns>What really happened, when the cluster endpoint serves again (or never will).</returns>
    public Task<FailoverTruth> FailOverAsync(FailoverScript script, CancellationToken cancellation) =>
        FailOverAsync(script, Moment.Now(options.Time), static () => { }, cancellation);

    /// <inheritdoc cref="FailOverAsync(FailoverScript, CancellationToken)"/>
    /// <param name="script">What clients see.</param>
    /// <param name="acceptedAt">When it was asked for.</param>
    /// <param name="onOutage">Called when the outage begins.</param>
    /// <param name="cancellation">Gives up halfway.</param>
    public async Task<FailoverTruth> FailOverAsync(
        FailoverScript script, Moment acceptedAt, Action onOutage, CancellationToken cancellation)
    {
        if (script.Outcome == FailoverOutcome.Switched) await RestoreReaderAsync(cancellation);
        var (writer, reader) = (Writer, Reader);
        return await new FailoverPlay(new FailoverParts
        {
            Primary = servers.Primary,
            Standby = servers.Standby,
            Direct = [Gate],
            OfThePrimary = [writer.Gate],
            OfTheStandby = [reader.Gate, ReaderGate],
            Proxy = Proxy?.Gate,
            OnServer = async (server, isPrimary, stop) =>
            {
                if (server == writer.Server) await writer.MoveToAsync(server, stop);
                else if (isPrimary) servers.Switch();
            },
            OnOutage = onOutage,
        }, script, options.Time).RunAsync(acceptedAt, cancellation);
    }

    /// <summary>The writer that a failover lost comes back as the reader; until then the reader endpoint leads to the writer, as on Aurora.</summary>
    public async Task RestoreReaderAsync(CancellationToken cancellation)
    {
        if (servers.Standby is not null) return;
        var away = Reader;
        await servers.RejoinAsync(cancellation);
        var server = servers.Standby!.Server;
        await away.MoveToAsync(server, cancellation);
        foreach (var gate in new[] { away.Gate, ReaderGate }) gate.Backend = server.EndPoint;
        away.Gate.Mode = GateMode.Serving;
    }

    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null) await Proxy.DisposeAsync();
        await Gate.DisposeAsync();
        await ReaderGate.DisposeAsync();
        foreach (var member in members) await member.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static Dictionary<string, string> Identity(string instanceId) => new() { [IdentitySetting] = instanceId };

    private async Task AddMemberAsync(string id, PostgresServer server, CancellationToken cancellation) => members.Add(
        new LabAuroraMember(id, server, await AdminSession.OpenAsync(server, cancellation))
        {
            Gate = DatabaseGate.Start(Endpoint(GateKind.Instance, new IPEndPoint(IPAddress.Loopback, 0), WriterHost, server)),
        });

    // On a port that is free at the cluster endpoint's address too.
    private DatabaseGate StartReaderEndpoint()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return DatabaseGate.Start(Endpoint(
                    GateKind.Instance, new IPEndPoint(IPAddress.Parse(ReaderHost), FreePort.Next()), ReaderHost, servers.Standby!.Server));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < PortAttempts)
            {
                // Somebody has it at this address: another one for both.
            }
        }
    }

    private GateOptions Endpoint(GateKind kind, IPEndPoint listen, string host, PostgresServer server) => new()
    {
        Kind = kind,
        Listen = listen,
        PublicHost = host,
        Certificate = options.Authority.Issue(host).Certificate,
        Backend = server.EndPoint,
        IsIamUser = async (user, stop) => user == LabInstance.AutomationUser || await LogsInByTokenAsync(user, stop),
        Credentials = options.Credentials,
        Region = options.Region,
        Time = options.Time,
    };

    // Roles are the same on both: whichever answers.
    private async ValueTask<bool> LogsInByTokenAsync(string user, CancellationToken cancellation)
    {
        async Task<bool> AskAsync(LabAuroraMember member) => await member.Session.AskAsync(
            RdsIamRoles.Query,
            async command =>
            {
                command.Parameters.Add(new NpgsqlParameter { Value = user });
                return await command.ExecuteScalarAsync(cancellation) is true;
            }, cancellation);

        try
        {
            return await AskAsync(Writer);
        }
        catch (NpgsqlException)
        {
            return await AskAsync(Reader);
        }
    }
}
