using System.Net;
using System.Security.Cryptography;
using Amazon;
using Amazon.RDS.Util;
using Amazon.Runtime;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Tls;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Gate;

/// <summary>The gate's tests share one server; each starts gates of its own in front of it.</summary>
[CollectionDefinition(nameof(GateFixture))]
public sealed class GateTests : ICollectionFixture<GateFixture>;

/// <summary>A server with a user who logs in with tokens and one who logs in with a password.</summary>
public sealed class GateFixture(PostgresFixture postgres) : IAsyncLifetime
{
    internal const string IamUser = "gate_iam", PasswordUser = "gate_app", Region = "eu-west-1", Host = "localhost";

    internal static readonly AWSCredentials Credentials = new BasicAWSCredentials("AKIDGATE", "lab/secret+key");

    private PostgresServer? server;
    private Task<PostgresServer[]>? pair;
    private LabCertificate? certificate;

    internal static string Password { get; } = RandomNumberGenerator.GetHexString(32);

    internal PostgresServer Server => server ?? throw new InvalidOperationException("The fixture has not been started.");

    internal LabCertificate Certificate => certificate ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        server = await StartServerAsync(maxConnections: 600);
        certificate = postgres.Authority.Issue(Host);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        if (pair is not null) foreach (var one in await pair) await one.DisposeAsync();
    }

    /// <summary>Two servers for tests that stop them, one after the other, and leave both running.</summary>
    internal async Task<(PostgresServer First, PostgresServer Second)> PairAsync()
    {
        var servers = await (pair ??= Task.WhenAll(StartServerAsync(maxConnections: 20), StartServerAsync(maxConnections: 20)));
        return (servers[0], servers[1]);
    }

    /// <summary>A server with the same users.</summary>
    internal async Task<PostgresServer> StartServerAsync(int maxConnections, int? major = null)
    {
        var started = await postgres.StartOwnAsync(major, new Dictionary<string, string>
        {
            ["max_connections"] = $"{maxConnections}",
            // What reached a server shows in its log.
            ["log_connections"] = "on",
        });
        await started.ExecuteAsync($"CREATE ROLE {IamUser} LOGIN IN ROLE rds_iam; GRANT pg_read_all_stats TO {IamUser}", CancellationToken.None);
        await started.CreateLoginAsync(PasswordUser, Password, "", CancellationToken.None);
        return started;
    }

    /// <summary>A gate in front of the shared server; the test disposes it.</summary>
    internal TestGate Start(GateKind kind = GateKind.Instance, Func<GateOptions, GateOptions>? change = null) =>
        Start(Server, kind, change);

    internal TestGate Start(PostgresServer behind, GateKind kind = GateKind.Instance, Func<GateOptions, GateOptions>? change = null)
    {
        var log = new GateLog();
        var roles = new RdsIamRoles(behind.OpenAdminAsync, TimeProvider.System);
        var options = new GateOptions
        {
            Kind = kind,
            PublicHost = Host,
            Certificate = Certificate.Certificate,
            Backend = BackendOf(behind),
            IsIamUser = roles.ContainsAsync,
            Credentials = id => id == "AKIDGATE" ? new GateCredential { SecretAccessKey = "lab/secret+key" } : null,
            Region = Region,
            OnEvent = log.Add,
            Time = TimeProvider.System,
        };
        return new TestGate(DatabaseGate.Start(change?.Invoke(options) ?? options), log, roles, postgres.Authority.BundlePath);
    }

    internal static IPEndPoint BackendOf(PostgresServer server) => new(IPAddress.Loopback, server.Port);

    internal static string Token(int port, string user = IamUser, string host = Host, AWSCredentials? credentials = null) =>
        RDSAuthTokenGenerator.GenerateAuthToken(credentials ?? Credentials, RegionEndpoint.GetBySystemName(Region), host, port, user);

    /// <summary>Sessions of one test as the server sees them.</summary>
    internal async Task<long> SessionsAsync(string application)
    {
        await using var admin = await Server.OpenAdminAsync(TestContext.Current.CancellationToken);
        return await admin.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", application) as long?
            ?? throw new InvalidOperationException("count(*) is a number.");
    }
}
