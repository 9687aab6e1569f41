using System.Text.Json;
using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Postgres;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

/// <summary>Snapshots of one test behind an endpoint, in a Region of its class's own: tests share a moto.</summary>
internal sealed class SnapshotsOnMoto : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static int last;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly Dictionary<string, LabClients> clients = [];
    private readonly string region;

    private SnapshotsOnMoto(MotoFixture moto, string region, LabEndpoint endpoint)
    {
        this.region = region;
        Endpoint = endpoint;
        Keys = new LabKeys(moto.Server.Uri);
        Snapshots = new SnapshotsService(new SnapshotsServiceOptions
        {
            Moto = moto.Server.Uri,
            Keys = Keys,
            Region = region,
            OnEvent = Events.Add,
            Time = TimeProvider.System,
        });
        endpoint.After("rds", null, Databases.RewriteAsync);
        Keys.Install(endpoint);
        Snapshots.Install(endpoint);
    }

    public LabEndpoint Endpoint { get; }

    public DatabaseDirectory Databases { get; } = new();

    public LabKeys Keys { get; }

    public SnapshotsService Snapshots { get; }

    /// <summary>Those of every Region.</summary>
    public Journal<JsonElement> Events { get; } = new();

    public IEnumerable<string?> EventIds => Events.Entries.Select(e => e.GetProperty("detail").GetProperty("EventID").GetString());

    /// <summary>The home Region's, through the endpoint.</summary>
    public IAmazonRDS Rds => In(region);

    public static async Task<SnapshotsOnMoto> StartAsync(MotoFixture moto, string region) => new(
        moto, region, await LabEndpoint.StartAsync(moto.Server.Uri, TimeProvider.System, new Random(1), TestContext.Current.CancellationToken));

    public static string Name(string prefix) => $"{prefix}-{Interlocked.Increment(ref last)}";

    public IAmazonRDS In(string other)
    {
        if (!clients.TryGetValue(other, out var found)) clients[other] = found = new LabClients(Endpoint.Uri, LabClients.Anybody, other);
        return found.Rds;
    }

    /// <summary>An instance; encrypted with the key where one is named.</summary>
    public async Task<string> CreateInstanceAsync(PostgresServer? server = null, string? key = null)
    {
        var id = Name("database");
        await Rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = id,
            DBInstanceClass = "db.t4g.micro",
            Engine = "postgres",
            AllocatedStorage = 20,
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
            StorageEncrypted = key is not null,
            KmsKeyId = key,
        }, cancellation);
        if (server is not null) Snapshots.SetServer(id, server);
        return id;
    }

    public async Task<string> CreateClusterAsync(bool encrypted = false)
    {
        var id = Name("cluster");
        await Rds.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = id,
            Engine = "aurora-postgresql",
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
            StorageEncrypted = encrypted,
        }, cancellation);
        return id;
    }

    /// <summary>Asks for a snapshot, and does not wait for it.</summary>
    public async Task<DBSnapshot> BeginAsync(string instance, string? id = null) => (await Rds.CreateDBSnapshotAsync(
        new CreateDBSnapshotRequest { DBInstanceIdentifier = instance, DBSnapshotIdentifier = id ?? Name("snapshot") }, cancellation)).DBSnapshot;

    /// <summary>A finished snapshot.</summary>
    public async Task<DBSnapshot> TakeAsync(string instance)
    {
        var begun = await BeginAsync(instance);
        await UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Available);
        return await ShownAsync(begun.DBSnapshotIdentifier);
    }

    /// <summary>A finished snapshot of a cluster.</summary>
    public async Task<DBClusterSnapshot> TakeOfClusterAsync(string cluster)
    {
        var begun = (await Rds.CreateDBClusterSnapshotAsync(
            new CreateDBClusterSnapshotRequest { DBClusterIdentifier = cluster, DBClusterSnapshotIdentifier = Name("snapshot") }, cancellation)).DBClusterSnapshot;
        await UntilAsync(begun.DBClusterSnapshotArn, SnapshotStatus.Available);
        return begun;
    }

    public async Task<DBSnapshot> ShownAsync(string id, string? other = null) => Assert.Single((await In(other ?? region)
        .DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = id }, cancellation)).DBSnapshots);

    /// <summary>Asks for a copy, and does not wait for it; a source in another Region is named by ARN.</summary>
    public async Task<DBSnapshot> CopyAsync(string source, string destination, string? key = null, string? target = null) =>
        (await In(destination).CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = source,
            SourceRegion = source.Split(':') is [_, _, _, var of, ..] && of != destination ? of : null,
            TargetDBSnapshotIdentifier = target ?? Name("copy"),
            KmsKeyId = key,
            Tags = [new Tag { Key = "automation:copy-of", Value = source }],
        }, cancellation)).DBSnapshot;

    public Task DeleteAsync(string id) => Rds.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = id }, cancellation);

    /// <summary>Returns when a snapshot has a status, or had it.</summary>
    public async Task<LabSnapshot> UntilAsync(string arn, SnapshotStatus status)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        return await Snapshots.Changes.FirstAsync(s => s.Arn == arn && s.Status == status, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values) client.Dispose();
        await Snapshots.DisposeAsync();
        Keys.Dispose();
        await Endpoint.DisposeAsync();
    }
}
