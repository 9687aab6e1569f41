using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Storage;
using Automation.LabTests.Account;
using Automation.LabTests.Failover.Lab;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Automation.Tests;

namespace Automation.LabTests.Storage.Lab;

/// <summary>Tests that change one volume; one after the other.</summary>
[CollectionDefinition(nameof(VolumeStage))]
public sealed class VolumeStages : ICollectionFixture<VolumeStage>;

/// <summary>One account, whose clock the tests move, and one instance with a volume; one test after the other.</summary>
public sealed class VolumeStage(MotoFixture moto, PostgresFixture postgres) : IAsyncLifetime
{
    internal const string Id = "growing";

    /// <summary>Steps so long that none is missed by who looks every second.</summary>
    internal static ModificationScript Slow { get; } = new()
    {
        Lead = TimeSpan.FromSeconds(5),
        Modifying = TimeSpan.FromSeconds(5),
        Optimization = TimeSpan.FromSeconds(10),
    };

    internal FakeTime Time { get; } = new(TimeProvider.System.GetUtcNow());

    internal LabInstance Instance { get; private set; } = null!;

    internal AccountOnMoto Lab { get; private set; } = null!;

    internal VolumesService Volumes => Lab.Account.Volumes;

    internal IAmazonRDS Rds => Lab.Application.Rds;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Instance = await postgres.StartInstanceAsync(Id, new LabVolumeOptions { AllocatedGiB = 20 });
        Lab = await AccountOnMoto.StartAsync(moto, "volumes", VolumeFixture.Region, new LabClock(Time, 60), Cancellation);
        Lab.Account.Connect(new NoFunctions());
        await Lab.Account.RegisterAsync(Instance, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lab is not null) await Lab.DisposeAsync();
        if (Instance is not null) await Instance.DisposeAsync();
    }

    /// <summary>The instance as it is at the beginning of a test: nothing was changed lately.</summary>
    internal async Task BeginAsync(LabVolumeOptions volume)
    {
        Instance.Volume!.Settings = volume;
        Volumes.Cooldown = TimeSpan.Zero;
        // What the test before left low is not low any more, and the guard has to know before this one fills it.
        await Instance.CheckVolumeAsync(Cancellation);
    }

    internal async Task<DBInstance> ShownAsync() => Assert.Single((await Rds.DescribeDBInstancesAsync(
        new DescribeDBInstancesRequest { DBInstanceIdentifier = Id }, Cancellation)).DBInstances);

    internal async Task<DBInstance> ModifyAsync(ModifyDBInstanceRequest request)
    {
        request.DBInstanceIdentifier = Id;
        return (await Rds.ModifyDBInstanceAsync(request, Cancellation)).DBInstance;
    }

    internal Task<DBInstance> GrowAsync(int gib) => ModifyAsync(new() { AllocatedStorage = gib, ApplyImmediately = true });

    /// <summary>Lets time pass until the instance is shown so.</summary>
    internal async Task<DBInstance> UntilAsync(string status)
    {
        DBInstance shown = null!;
        await Eventually.TrueAsync(async () =>
        {
            shown = await ShownAsync();
            if (shown.DBInstanceStatus == status) return true;
            Time.Advance(TimeSpan.FromSeconds(1));
            return false;
        });
        return shown;
    }

    /// <summary>Lets time pass until everything about the last accepted change is over.</summary>
    internal Task EndedAsync()
    {
        var last = Volumes.Accepted.Entries[^1];
        return Eventually.TrueAsync(() =>
        {
            if (Volumes.Ended.Entries.Any(e => e.Accepted == last)) return Task.FromResult(true);
            Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(false);
        });
    }
}
