using System.Diagnostics;
using System.Text.Json;
using Automation.Database;
using Automation.Failover;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Gate;
using Npgsql;

namespace Automation.Benchmarks.Failovers;

/// <summary>A database to probe: a Multi-AZ instance or a cluster, with an RDS Proxy, in another process.</summary>
internal sealed class FailoverTarget : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2), EndLimit = TimeSpan.FromSeconds(30);

    private readonly Process lab;
    private readonly LabEndpoints endpoints;
    private readonly IamTokens tokens = new(FailoverLab.Credentials, FailoverLab.Region, TimeProvider.System);
    private readonly RdsDatabase database;

    private FailoverTarget(Process lab, LabEndpoints endpoints)
    {
        (this.lab, this.endpoints) = (lab, endpoints);
        database = new RdsDatabase
        {
            Id = "game",
            Kind = endpoints.ReaderHost is null ? DatabaseKind.Instance : DatabaseKind.Cluster,
            Arn = "arn:aws:rds:eu-central-1:123456789012:db:game",
            ResourceId = "db-GAME",
            Engine = endpoints.ReaderHost is null ? "postgres" : "aurora-postgresql",
            EngineVersion = endpoints.Version,
            Status = "available",
            Host = "localhost",
            Port = endpoints.Port,
            Tags = new Dictionary<string, string>(),
            MultiAz = true,
            IamAuthenticationEnabled = true,
        };
        (Login, Roots) = (new IamLogin(LabInstance.AutomationUser, tokens), TrustedRoots.FromFile(endpoints.Bundle, "CA_BUNDLE_PATH"));
        Lanes = LaneRules.Of(database, new FailoverTopology { Members = [], ReaderHost = endpoints.ReaderHost }, [new DatabaseProxy("proxy", endpoints.ProxyHost)]);
    }

    public IReadOnlyList<Lane> Lanes { get; }

    public DatabaseLogin Login { get; }

    public TrustedRoots Roots { get; }

    public bool IsAurora => endpoints.ReaderHost is not null;

    public string Version => endpoints.Version;

    /// <summary>With the schema of a test in it.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static async Task<FailoverTarget> StartAsync(bool cluster, CancellationToken cancellation)
    {
        var lab = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [FailoverLab.Word, cluster ? FailoverLab.Cluster : "instance"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var line = await lab.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(StartLimit, cancellation)
                ?? throw new InvalidOperationException("The process with the servers ended; what it said is above.");
            var target = new FailoverTarget(lab, JsonSerializer.Deserialize<LabEndpoints>(line)!);
            ValueOf(await target.Writer.PrepareAsync(target.database, ProbeSql.CommentOf(DateTimeOffset.UnixEpoch), cancellation));
            return target;
        }
        catch
        {
            await EndAsync(lab);
            throw;
        }
    }

    /// <summary>Who writes now.</summary>
    public async Task<ServerIdentity> IdentityAsync(CancellationToken cancellation) => ValueOf(await Writer.FactsAsync(database, cancellation)).Identity;

    /// <summary>Of every endpoint; those that serve again break off what they had silenced.</summary>
    public async Task SetAsync(GateMode mode, CancellationToken cancellation)
    {
        await lab.StandardInput.WriteLineAsync(mode.ToString());
        await lab.StandardInput.FlushAsync(cancellation);
        if (await lab.StandardOutput.ReadLineAsync(cancellation) != FailoverLab.Done) throw new InvalidOperationException("The process with the servers ended.");
    }

    /// <summary>How the driver alone comes in: the same way, TLS verified as strictly, a token.</summary>
    public async Task<NpgsqlConnectionStringBuilder> PlainAsync(Lane lane) => new()
    {
        Host = lane.Endpoint.Host,
        Port = lane.Endpoint.Port,
        Database = "postgres",
        Username = LabInstance.AutomationUser,
        Password = await tokens.GetAsync(lane.Endpoint.Host, lane.Endpoint.Port, LabInstance.AutomationUser),
        ApplicationName = "plain",
        SslMode = SslMode.VerifyFull,
        RootCertificate = endpoints.Bundle,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = lane.Clients == ProbeClients.Pooled,
        NoResetOnClose = lane.Path == ProbePath.Proxy,
    };

    /// <summary>What has been used and done since the start of each.</summary>
    public async Task<Usage> UsageAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(await PlainAsync(Lanes[0]));
        await using var command = source.CreateCommand("SELECT sum(xact_commit + xact_rollback)::int8, sum(sessions)::int8 FROM pg_stat_database");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Usage
        {
            At = Stopwatch.GetTimestamp(),
            Transactions = reader.GetInt64(0),
            Sessions = reader.GetInt64(1),
            Primary = ProcessUsage.OfServer(endpoints.Primary),
            Standby = ProcessUsage.OfServer(endpoints.Standby),
            Gates = ProcessUsage.Of(lab.Id),
            Clients = ProcessUsage.Of(Environment.ProcessId),
        };
    }

    public ValueTask DisposeAsync() => EndAsync(lab);

    private WriterAccess Writer => new(Login, Roots, TimeProvider.System);

    private static async ValueTask EndAsync(Process lab)
    {
        lab.StandardInput.Close();
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await lab.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            lab.Kill(entireProcessTree: true);
        }
        lab.Dispose();
    }

    private static T ValueOf<T>(Attempt<T> attempt) =>
        attempt.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.Sentence);
}
