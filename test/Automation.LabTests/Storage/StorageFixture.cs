using System.Globalization;
using Amazon.Runtime;
using Automation.Database;
using Automation.Lab;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Storage;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage;

/// <summary>Tests that fill one volume; one after the other.</summary>
[CollectionDefinition(nameof(StorageFixture))]
public sealed class StorageTests : ICollectionFixture<StorageFixture>;

/// <summary>A real server on a volume of enforced size.</summary>
public sealed class StorageFixture(PostgresFixture postgres, MotoFixture moto) : IAsyncLifetime
{
    internal const string Region = "ap-southeast-6";

    internal static readonly SessionAWSCredentials Credentials = new("ASIASTORAGETEST", "storage/secret", "storage-token");

    private LabInstance? instance;
    private int cases;

    internal LabInstance Instance => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    internal MotoFixture Moto => moto;

    internal DatabaseLogin Login { get; } = new IamLogin(LabInstance.AutomationUser, new IamTokens(Credentials, Region, TimeProvider.System));

    internal TrustedRoots Roots => TrustedRoots.FromFile(postgres.Authority.BundlePath, "CA_BUNDLE_PATH");

    public async ValueTask InitializeAsync() => instance = await LabInstance.StartAsync(new LabInstanceOptions
    {
        Id = "storage",
        Binaries = await PostgresBinaries.FindOrInstallAsync(null, TestContext.Current.CancellationToken),
        Directory = postgres.Directory,
        Authority = postgres.Authority,
        Region = Region,
        Volume = new LabVolumeOptions { AllocatedGiB = 100 },
        LogicalReplication = true,
        Credentials = key => key == "ASIASTORAGETEST"
            ? new GateCredential { SecretAccessKey = "storage/secret", SessionToken = "storage-token", ConnectAs = new HashSet<string> { LabInstance.AutomationUser } }
            : null,
        Time = TimeProvider.System,
    }, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => instance?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A name no other test has.</summary>
    internal string NextName() => string.Create(CultureInfo.InvariantCulture, $"volume-{Interlocked.Increment(ref cases)}");
}
