using System.Net;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>
/// A server that writes down whatever it is sent, as no careful person would have it: every statement, its duration, every
/// statement that fails, and <c>pg_stat_statements</c> with utility statements. In front of it a gate for the automation's IAM login.
/// </summary>
public sealed class CanaryServer(PostgresFixture postgres) : IAsyncLifetime
{
    internal const string AccessKey = "ASIACANARY", SecretKey = "canary/secret", SessionToken = "canary-session";

    // The lab keeps the last 400 lines of a server's log; they are fetched after every step, and overlap.
    private readonly HashSet<string> log = [];
    private PostgresServer? server;
    private DatabaseGate? gate;

    internal PostgresServer Server => server!;

    internal int Port => gate!.Port;

    internal string CaBundle => postgres.Authority.BundlePath;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await postgres.StartOwnAsync(17, new Dictionary<string, string>
        {
            ["shared_preload_libraries"] = "pg_stat_statements",
            ["pg_stat_statements.track"] = "all",
            ["pg_stat_statements.track_utility"] = "on",
            ["log_statement"] = "all",
            ["log_min_duration_statement"] = "0",
            ["log_min_error_statement"] = "debug5",
            ["log_connections"] = "on",
        });
        await server.ExecuteAsync("CREATE EXTENSION pg_stat_statements", Test);
        await AutomationRole.CreateAsync(server, "automation", Test);
        await server.ExecuteAsync("ALTER ROLE automation CREATEROLE CONNECTION LIMIT 50", Test);
        gate = DatabaseGate.Start(new GateOptions
        {
            Kind = GateKind.Instance,
            PublicHost = RotationFixture.Host,
            Certificate = postgres.Authority.Issue(RotationFixture.Host).Certificate,
            Backend = new IPEndPoint(IPAddress.Loopback, server.Port),
            IsIamUser = (user, _) => ValueTask.FromResult(user == "automation"),
            Credentials = key => key == AccessKey
                ? new GateCredential { SecretAccessKey = SecretKey, SessionToken = SessionToken, ConnectAs = new HashSet<string> { "automation" } }
                : null,
            Region = RotationFixture.Region,
            Time = TimeProvider.System,
        });
    }

    /// <summary>Fetches what the log has now.</summary>
    internal void ReadLog()
    {
        var lines = Server.Log;
        if (log.Count > 0) Assert.Contains(lines, log.Contains);
        log.UnionWith(lines);
    }

    /// <summary>Every line of the log so far, and every statement of <c>pg_stat_statements</c>.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> WrittenAsync()
    {
        await using var admin = await Server.OpenAdminAsync(Test);
        var statements = await admin.StringsAsync("SELECT query FROM pg_stat_statements");
        ReadLog();
        return new Dictionary<string, string> { ["server log"] = string.Join('\n', log), ["pg_stat_statements"] = string.Join('\n', statements) };
    }

    public async ValueTask DisposeAsync()
    {
        if (gate is not null) await gate.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }
}
