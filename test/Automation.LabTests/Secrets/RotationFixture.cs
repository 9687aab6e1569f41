using System.Globalization;
using System.Text.Json;
using Amazon.Runtime;
using Automation.Database;
using Automation.Lab;
using Automation.Lab.Aws;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Secrets;

/// <summary>Tests of rotations share one server; each has roles and secrets of its own.</summary>
[CollectionDefinition(nameof(RotationFixture))]
public sealed class RotationTests : ICollectionFixture<RotationFixture>;

/// <summary>The big matrices, beside the other tests: with a server of their own.</summary>
[CollectionDefinition(nameof(RotationMatrixTests))]
public sealed class RotationMatrixTests : ICollectionFixture<RotationFixture>;

/// <summary>What a rotation refuses, beside the other tests: with a server of its own.</summary>
[CollectionDefinition(nameof(RotationGuardTests))]
public sealed class RotationGuardTests : ICollectionFixture<RotationFixture>;

/// <summary>
/// A real server behind a gate that checks IAM tokens, which logs every statement that changes something, and a topic.
/// </summary>
public sealed class RotationFixture(PostgresFixture postgres, MotoFixture moto) : IAsyncLifetime
{
    internal const string Region = "eu-north-1", Host = "localhost";

    internal static readonly SessionAWSCredentials Credentials = new("ASIAROTATION", "rotation/secret", "rotation-token");

    private LabInstance? instance;
    private LabClients? clients;
    private NpgsqlDataSource? admin;
    // All fixtures share one moto, and its secrets.
    private static int names;

    internal LabInstance Database => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    /// <summary>
    /// Sessions of the superuser that are kept, for what is asked many times: a new one costs the server more than the question.
    /// Settings and locks would stay with them.
    /// </summary>
    internal NpgsqlDataSource Admin => admin ?? throw new InvalidOperationException("The fixture has not been started.");

    /// <summary>moto itself: what these clients do is in no record and meets no fault.</summary>
    internal LabClients Aws => clients ?? throw new InvalidOperationException("The fixture has not been started.");

    internal Uri Moto => moto.Server.Uri;

    internal string Topic { get; private set; } = "";

    internal TrustedRoots Roots { get; private set; } = TrustedRoots.Bundled;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Roots = TrustedRoots.FromFile(postgres.Authority.BundlePath, "CA_BUNDLE_PATH");
        clients = new LabClients(moto.Server.Uri, LabClients.Anybody, Region);
        Topic = (await clients.Sns.CreateTopicAsync(new() { Name = "rotations" }, cancellation)).TopicArn;
        instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = NextName(),
            // From 16 on an administrator needs ADMIN OPTION on the role.
            Binaries = await PostgresBinaries.ForMajorAsync(17, null, cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = Region,
            Credentials = FindCredential,
            Time = TimeProvider.System,
        }, cancellation);
        await using var session = await instance.Server.OpenAdminAsync(cancellation);
        admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(session.ConnectionString) { Pooling = true, MaxPoolSize = 8 });
        await session.RunAsync("ALTER SYSTEM SET log_statement = 'ddl'");
        await session.RunAsync("SELECT pg_reload_conf()");
        await session.RunAsync($"ALTER ROLE {LabInstance.AutomationUser} CREATEROLE CONNECTION LIMIT 50");
    }

    public async ValueTask DisposeAsync()
    {
        clients?.Dispose();
        if (admin is not null) await admin.DisposeAsync();
        if (instance is not null) await instance.DisposeAsync();
    }

    /// <summary>A name no other test has, for roles and secrets.</summary>
    internal static string NextName() => string.Create(CultureInfo.InvariantCulture, $"rot{Interlocked.Increment(ref names)}");

    /// <summary>Roles and a secret for one strategy, rotation configured and never run.</summary>
    internal Task<RotationSecret> CreateAsync(SecretKind kind, Func<Dictionary<string, object?>, Dictionary<string, object?>>? change = null) =>
        RotationSecret.CreateAsync(this, kind, change ?? (members => members));

    /// <summary>Runs statements as the superuser.</summary>
    internal async Task SqlAsync(string sql)
    {
        await using var session = await Database.Server.OpenAdminAsync(TestContext.Current.CancellationToken);
        await session.RunAsync(sql);
    }

    /// <summary>A fresh login through the gate: the role that it got, or <c>null</c> when its password was refused.</summary>
    internal async Task<string?> LogInAsync(string user, string password)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Database.Login(user, password, "rotation-test").ConnectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return (string?)await connection.ScalarAsync("SELECT session_user::text");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return null;
        }
    }

    /// <summary>Stores a secret that nobody rotates.</summary>
    internal async Task<string> StoreAsync(string name, IReadOnlyDictionary<string, object?> members) =>
        (await Aws.SecretsManager.CreateSecretAsync(new() { Name = name, SecretString = JsonSerializer.Serialize(members) }, TestContext.Current.CancellationToken)).ARN;

    private static GateCredential? FindCredential(string key) => key == "ASIAROTATION"
        ? new GateCredential
        {
            SecretAccessKey = "rotation/secret",
            SessionToken = "rotation-token",
            ConnectAs = new HashSet<string> { LabInstance.AutomationUser },
        }
        : null;
}
