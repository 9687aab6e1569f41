using System.Globalization;
using Amazon.Runtime;
using Automation.Database;
using Automation.Failover;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Failover;

/// <summary>Tests that break one Multi-AZ instance; one after the other.</summary>
[CollectionDefinition(nameof(FailoverFixture))]
public sealed class FailoverTests : ICollectionFixture<FailoverFixture>;

/// <summary>A real primary with a synchronous standby, a direct endpoint and an RDS Proxy.</summary>
public sealed class FailoverFixture(PostgresFixture postgres, MotoFixture moto) : IAsyncLifetime
{
    internal const string Region = "ap-southeast-6";

    internal static readonly SessionAWSCredentials Credentials = new("ASIAFAILOVERTEST", "failover/secret", "failover-token");

    private LabInstance? instance;
    private int cases;

    internal LabInstance Instance => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    internal MotoFixture Moto => moto;

    internal PostgresFixture Postgres => postgres;

    internal DatabaseLogin Login { get; } = new IamLogin(LabInstance.AutomationUser, new IamTokens(Credentials, Region, TimeProvider.System));

    internal TrustedRoots Roots => TrustedRoots.FromFile(postgres.Authority.BundlePath, "CA_BUNDLE_PATH");

    public async ValueTask InitializeAsync() =>
        instance = await StartInstanceAsync("failover", new MultiAz(), await PostgresBinaries.ForMajorAsync(17, null, TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => instance?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A name no other test has.</summary>
    internal string NextName() => string.Create(CultureInfo.InvariantCulture, $"game-{Interlocked.Increment(ref cases)}");

    internal Task<LabInstance> StartInstanceAsync(string id, MultiAz multiAz, PostgresBinaries binaries) => LabInstance.StartAsync(new LabInstanceOptions
    {
        Id = id,
        Binaries = binaries,
        Directory = postgres.Directory,
        Authority = postgres.Authority,
        Region = Region,
        MultiAz = multiAz,
        Proxy = true,
        Credentials = FindCredential,
        Time = TimeProvider.System,
    }, TestContext.Current.CancellationToken);

    internal Task<LabAuroraCluster> StartClusterAsync(string id, IReadOnlyDictionary<string, string> tags) => LabAuroraCluster.StartAsync(new LabAuroraOptions
    {
        Id = id,
        Binaries = Instance.Server.Binaries,
        Directory = postgres.Directory,
        Authority = postgres.Authority,
        Region = Region,
        Proxy = true,
        Tags = tags,
        Credentials = FindCredential,
        Time = TimeProvider.System,
    }, TestContext.Current.CancellationToken);

    private static GateCredential? FindCredential(string key) => key == "ASIAFAILOVERTEST"
        ? new GateCredential { SecretAccessKey = "failover/secret", SessionToken = "failover-token", ConnectAs = new HashSet<string> { LabInstance.AutomationUser } }
        : null;

    /// <summary>The instance as RDS would describe it.</summary>
    internal RdsDatabase Database => new()
    {
        Id = Instance.Id,
        Kind = DatabaseKind.Instance,
        Arn = "arn:aws:rds:ap-southeast-6:123456789012:db:failover",
        ResourceId = "db-FAILOVER",
        Engine = "postgres",
        EngineVersion = "17.0",
        Status = "available",
        Host = "localhost",
        Port = Instance.Gate.Port,
        Tags = new Dictionary<string, string>(),
        MultiAz = true,
        IamAuthenticationEnabled = true,
    };

    internal IReadOnlyList<Lane> Lanes => LaneRules.Of(Database, new FailoverTopology { Members = [] }, [new DatabaseProxy("proxy", Instance.Proxy!.Endpoint.Host)]);

    internal WriterAccess Writer => new(Login, Roots, TimeProvider.System);
}
