using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

/// <summary>The life of a snapshot as RDS shows it; these databases have no server, only a state.</summary>
public sealed class SnapshotLifeTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "us-west-1";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Create_WhileItIsTaken_ShowsCreatingAndABusyInstance()
    {
        var instance = await lab.CreateInstanceAsync();
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, DatabaseId = instance });

        var begun = await lab.BeginAsync(instance);
        var shown = await lab.ShownAsync(begun.DBSnapshotIdentifier);

        Assert.All([begun, shown], s => Assert.Equal(("creating", 0, null, null), (s.Status, s.PercentProgress, s.SnapshotCreateTime, s.OriginalSnapshotCreateTime)));
        Assert.Equal("backing-up", await StatusAsync(instance));
        var refused = await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => lab.BeginAsync(instance));
        Assert.Equal($"Cannot create a snapshot because the database instance {instance} is not currently in the available state.", refused.Message);

        var before = DateTime.UtcNow;
        lab.Snapshots.Faults.Release();
        await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Available);
        var finished = await lab.ShownAsync(begun.DBSnapshotIdentifier);

        Assert.Equal(("available", 100), (finished.Status, finished.PercentProgress));
        Assert.InRange(finished.SnapshotCreateTime!.Value, before.AddSeconds(-1), DateTime.UtcNow);
        Assert.Equal(finished.SnapshotCreateTime, finished.OriginalSnapshotCreateTime);
        Assert.Equal("available", await StatusAsync(instance));
        await lab.TakeAsync(instance);
    }

    [Fact]
    public async Task Create_SameIdWhileItIsTaken_ExistsAlready()
    {
        var instance = await lab.CreateInstanceAsync();
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall });
        var begun = await lab.BeginAsync(instance);

        await Assert.ThrowsAsync<DBSnapshotAlreadyExistsException>(() => lab.BeginAsync(instance, begun.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Create_TwoInstances_AreTakenBesideEachOther()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, Times = 2 });

        await lab.BeginAsync(await lab.CreateInstanceAsync());
        await lab.BeginAsync(await lab.CreateInstanceAsync());

        Assert.All(lab.Snapshots.All, s => Assert.Equal(SnapshotStatus.Creating, s.Status));
    }

    [Fact]
    public async Task Create_InjectedFailure_FailsAndTheNextSucceeds()
    {
        var instance = await lab.CreateInstanceAsync();
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail, While = SnapshotStatus.Creating });

        var begun = await lab.BeginAsync(instance);
        await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Failed);

        Assert.Equal("failed", (await lab.ShownAsync(begun.DBSnapshotIdentifier)).Status);
        Assert.Equal("available", (await lab.TakeAsync(instance)).Status);
    }

    [Fact]
    public async Task Create_MemberOfACluster_IsRefused()
    {
        var cluster = await lab.CreateClusterAsync();
        var member = SnapshotsOnMoto.Name("member");
        await lab.Rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = member,
            DBInstanceClass = "db.r6g.large",
            Engine = "aurora-postgresql",
            DBClusterIdentifier = cluster,
        }, cancellation);

        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() => lab.BeginAsync(member));

        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
        Assert.Contains("CreateDBClusterSnapshot", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_UnknownInstance_IsTyped() =>
        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() => lab.BeginAsync("nobody"));

    [Fact]
    public async Task CreateOfCluster_WhileItIsTaken_RefusesASecond()
    {
        var cluster = await lab.CreateClusterAsync();
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, DatabaseId = cluster });
        Task<CreateDBClusterSnapshotResponse> CreateAsync() => lab.Rds.CreateDBClusterSnapshotAsync(
            new CreateDBClusterSnapshotRequest { DBClusterIdentifier = cluster, DBClusterSnapshotIdentifier = SnapshotsOnMoto.Name("snapshot") }, cancellation);

        var begun = (await CreateAsync()).DBClusterSnapshot;

        Assert.Equal(("creating", 0, null), (begun.Status, begun.PercentProgress, begun.SnapshotCreateTime));
        var shown = Assert.Single((await lab.Rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = cluster }, cancellation)).DBClusters);
        Assert.Equal("backing-up", shown.Status);
        await Assert.ThrowsAsync<InvalidDBClusterStateException>(CreateAsync);
        await Assert.ThrowsAsync<InvalidDBClusterSnapshotStateException>(() => lab.Rds.DeleteDBClusterSnapshotAsync(
            new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = begun.DBClusterSnapshotIdentifier }, cancellation));
        lab.Snapshots.Faults.Release();
        await lab.UntilAsync(begun.DBClusterSnapshotArn, SnapshotStatus.Available);
        await CreateAsync();
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public async Task CreateOfCluster_LongId_IsRefusedBeyond63(int length, bool isTaken)
    {
        var cluster = await lab.CreateClusterAsync();
        var id = SnapshotsOnMoto.Name("snapshot").PadRight(length, 'x');

        var refused = await Record.ExceptionAsync(() => lab.Rds.CreateDBClusterSnapshotAsync(
            new CreateDBClusterSnapshotRequest { DBClusterIdentifier = cluster, DBClusterSnapshotIdentifier = id }, cancellation));

        Assert.Equal(isTaken, refused is null);
        if (refused is not null) Assert.Equal("InvalidParameterValue", Assert.IsType<AmazonRDSException>(refused).ErrorCode);
    }

    [Fact]
    public async Task Delete_WhileItIsTaken_IsRefused()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall });
        var begun = await lab.BeginAsync(await lab.CreateInstanceAsync());

        await Assert.ThrowsAsync<InvalidDBSnapshotStateException>(() => lab.DeleteAsync(begun.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Delete_Automated_IsRefused()
    {
        var instance = await lab.CreateInstanceAsync();
        var automated = Assert.Single((await lab.Rds.DescribeDBSnapshotsAsync(
            new DescribeDBSnapshotsRequest { DBInstanceIdentifier = instance, SnapshotType = "automated" }, cancellation)).DBSnapshots);

        await Assert.ThrowsAsync<InvalidDBSnapshotStateException>(() => lab.DeleteAsync(automated.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Delete_Twice_IsTyped()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync());
        await lab.DeleteAsync(snapshot.DBSnapshotIdentifier);

        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() => lab.DeleteAsync(snapshot.DBSnapshotIdentifier));
    }

    private async Task<string> StatusAsync(string instance) => Assert.Single((await lab.Rds.DescribeDBInstancesAsync(
        new DescribeDBInstancesRequest { DBInstanceIdentifier = instance }, cancellation)).DBInstances).DBInstanceStatus;
}
