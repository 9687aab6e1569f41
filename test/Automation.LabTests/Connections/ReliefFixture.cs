using System.Globalization;
using Amazon.Runtime;
using Automation.Lab;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Connections;

/// <summary>Tests that fill one small server; one after the other.</summary>
[CollectionDefinition(nameof(ReliefFixture))]
public sealed class ReliefTests : ICollectionFixture<ReliefFixture>;

/// <summary>A real server of 30 slots, 25 of them usable, behind a gate that checks IAM tokens.</summary>
public sealed class ReliefFixture(PostgresFixture postgres, MotoFixture moto) : IAsyncLifetime
{
    internal const int UsableSlots = 25;
    internal const string Region = "eu-west-3";

    /// <summary>A key that may log in as the automation's role, and one that IAM denies <c>rds-db:connect</c>.</summary>
    internal static readonly SessionAWSCredentials Allowed = new("ASIARELIEFALLOWED", "relief/secret/allowed", "relief-token-allowed");
    internal static readonly SessionAWSCredentials Denied = new("ASIARELIEFDENIED", "relief/secret/denied", "relief-token-denied");

    private readonly Dictionary<string, string> passwords = new(StringComparer.Ordinal);
    private LabInstance? instance;
    // All fixtures share one moto, and its databases.
    private static int cases;

    internal LabInstance Database => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    internal MotoFixture Moto => moto;

    internal PostgresFixture Postgres => postgres;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = NextName(),
            // The reserve of PostgreSQL 16 and later is the server's own; earlier versions are LocalLab's part.
            Binaries = await PostgresBinaries.ForMajorAsync(17, null, cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = Region,
            MaxConnections = UsableSlots + 5,
            Credentials = FindCredential,
            Time = TimeProvider.System,
        }, cancellation);
        foreach (var role in new[] { "shop", "vip", "worker" }) passwords[role] = await instance.CreateLoginAsync(role, cancellation);
    }

    public ValueTask DisposeAsync() => instance?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A name no other test has.</summary>
    internal static string NextName() => string.Create(CultureInfo.InvariantCulture, $"relief-{Interlocked.Increment(ref cases)}");

    internal string ConnectionString(string role, string application)
    {
        var login = Database.Login(role, passwords[role], application);
        login.CommandTimeout = 0;
        return login.ConnectionString;
    }

    private static GateCredential? FindCredential(string key) => key switch
    {
        "ASIARELIEFALLOWED" => new GateCredential
        {
            SecretAccessKey = "relief/secret/allowed",
            SessionToken = "relief-token-allowed",
            ConnectAs = new HashSet<string> { LabInstance.AutomationUser },
        },
        "ASIARELIEFDENIED" => new GateCredential
        {
            SecretAccessKey = "relief/secret/denied",
            SessionToken = "relief-token-denied",
            ConnectAs = new HashSet<string>(),
        },
        _ => null,
    };
}
