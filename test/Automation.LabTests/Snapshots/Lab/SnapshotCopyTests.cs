using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

public sealed class SnapshotCopyTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "ca-central-1", Abroad = "eu-west-2", Alias = "alias/rds-automation-snapshots";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Copy_ToAnotherRegion_IsCopyingThenAvailableWithATimeOfItsOwn()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync(key: await lab.Keys.CreateAsync(Alias + "-1", Home, null, cancellation)));
        var key = await lab.Keys.CreateAsync(Alias + "-1", Abroad, null, cancellation);
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, While = SnapshotStatus.Copying });

        var begun = await lab.CopyAsync(source.DBSnapshotArn, Abroad, Alias + "-1");
        var copying = await lab.ShownAsync(begun.DBSnapshotIdentifier, Abroad);
        lab.Snapshots.Faults.Release();
        await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Available);
        var copy = await lab.ShownAsync(begun.DBSnapshotIdentifier, Abroad);

        Assert.All([begun, copying], s => Assert.Equal(("copying", 0, null), (s.Status, s.PercentProgress, s.SnapshotCreateTime)));
        Assert.Equal(("available", 100, "manual", true, key), (copy.Status, copy.PercentProgress, copy.SnapshotType, copy.Encrypted, copy.KmsKeyId));
        Assert.True(copy.SnapshotCreateTime > source.SnapshotCreateTime);
        Assert.Equal(source.SnapshotCreateTime, copy.OriginalSnapshotCreateTime);
        Assert.Equal((Home, source.DBSnapshotArn), (copy.SourceRegion, copy.SourceDBSnapshotIdentifier));
        Assert.Equal((source.DBInstanceIdentifier, source.DbiResourceId), (copy.DBInstanceIdentifier, copy.DbiResourceId));
        Assert.Equal(source.DBSnapshotArn, Assert.Single(copy.TagList).Value);
        Assert.Equal($"arn:aws:rds:{Abroad}:123456789012:snapshot:{copy.DBSnapshotIdentifier}", copy.DBSnapshotArn);
    }

    [Fact]
    public async Task Copy_InTheSameRegion_HasNoSourceRegion()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());

        var begun = await lab.CopyAsync(source.DBSnapshotIdentifier, Home);
        await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Available);

        var copy = await lab.ShownAsync(begun.DBSnapshotIdentifier);
        Assert.Equal((null, null), (copy.SourceRegion, copy.SourceDBSnapshotIdentifier));
        Assert.Equal(source.SnapshotCreateTime, copy.OriginalSnapshotCreateTime);
        Assert.Equal(["RDS-EVENT-0196", "RDS-EVENT-0197"], lab.EventIds.Skip(2));
    }

    [Fact]
    public async Task Copy_21AtOnceFromAnotherRegion_TheLastIsRefusedUntilThereIsRoom()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, While = SnapshotStatus.Copying, Times = 20 });
        var underway = new List<DBSnapshot>();
        for (var i = 0; i < 20; i++) underway.Add(await lab.CopyAsync(source.DBSnapshotArn, Abroad));

        var refused = await Assert.ThrowsAsync<SnapshotQuotaExceededException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad));

        Assert.Equal("Cannot copy more than 20 snapshots across regions", refused.Message);
        await lab.CopyAsync(source.DBSnapshotIdentifier, Home);
        lab.Snapshots.Faults.Release();
        foreach (var copy in underway) await lab.UntilAsync(copy.DBSnapshotArn, SnapshotStatus.Available);
        await lab.CopyAsync(source.DBSnapshotArn, Abroad);
    }

    [Fact]
    public async Task CopyOfCluster_SixAtOnceFromAnotherRegion_TheLastIsRefused()
    {
        var source = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, While = SnapshotStatus.Copying, Times = 5 });
        for (var i = 0; i < 5; i++) await CopyOfClusterAsync(source.DBClusterSnapshotArn);

        var refused = await Assert.ThrowsAsync<SnapshotQuotaExceededException>(() => CopyOfClusterAsync(source.DBClusterSnapshotArn));

        Assert.Equal("Cannot copy more than 5 snapshots across regions", refused.Message);
    }

    [Fact]
    public async Task CopyOfCluster_Finished_NamesItsSourceAndSendsNoEvent()
    {
        var source = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());

        var begun = await CopyOfClusterAsync(source.DBClusterSnapshotArn);
        await lab.UntilAsync(begun.DBClusterSnapshotArn, SnapshotStatus.Available);

        var copy = Assert.Single((await lab.In(Abroad).DescribeDBClusterSnapshotsAsync(
            new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = begun.DBClusterSnapshotIdentifier }, cancellation)).DBClusterSnapshots);
        Assert.Equal(("available", source.DBClusterSnapshotArn, null), (copy.Status, copy.SourceDBClusterSnapshotArn, copy.KmsKeyId));
        Assert.NotNull(copy.SnapshotCreateTime);
        Assert.Equal(["RDS-EVENT-0074", "RDS-EVENT-0075"], lab.EventIds);
    }

    [Fact]
    public async Task CopyOfCluster_UnencryptedWithKey_IsRefused()
    {
        var source = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());
        var key = await lab.Keys.CreateAsync(Alias + "-2", Abroad, null, cancellation);

        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() => CopyOfClusterAsync(source.DBClusterSnapshotArn, key));

        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
    }

    [Fact]
    public async Task Copy_SourceNotAvailable_IsRefused()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall });
        var source = await lab.BeginAsync(await lab.CreateInstanceAsync());

        await Assert.ThrowsAsync<InvalidDBSnapshotStateException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad));
    }

    [Theory]
    [InlineData("arn:aws:rds:ca-central-1:123456789012:snapshot:nothing")]
    [InlineData("arn:aws:rds:ca-central-1:999999999999:snapshot:{0}")]
    [InlineData("arn:aws:rds:ca-central-1:123456789012:cluster-snapshot:{0}")]
    public async Task Copy_UnknownSource_IsTyped(string arn)
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());

        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() =>
            lab.CopyAsync(arn.Replace("{0}", source.DBSnapshotIdentifier, StringComparison.Ordinal), Abroad));
    }

    [Fact]
    public async Task Copy_EncryptedWithoutAKeyOfTheDestination_IsRefused()
    {
        var homeKey = await lab.Keys.CreateAsync(Alias + "-3", Home, null, cancellation);
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync(key: homeKey));

        var none = await Assert.ThrowsAnyAsync<AmazonRDSException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad));
        await Assert.ThrowsAsync<KMSKeyNotAccessibleException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad, "alias/nothing"));
        await Assert.ThrowsAsync<KMSKeyNotAccessibleException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad, homeKey));

        Assert.Equal(("InvalidParameterValue", "Must specify new KMS key for cross region encrypted snapshot copy."), (none.ErrorCode, none.Message));
        Assert.DoesNotContain(lab.Snapshots.All, s => s.CopyOf is not null);
    }

    [Fact]
    public async Task Copy_ExistingTarget_IsTyped()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        var copy = await lab.CopyAsync(source.DBSnapshotArn, Abroad);

        await Assert.ThrowsAsync<DBSnapshotAlreadyExistsException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad, target: copy.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Delete_SourceOfACopyUnderway_EndsTheCopy()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, While = SnapshotStatus.Copying });
        var copy = await lab.CopyAsync(source.DBSnapshotArn, Abroad);

        await lab.DeleteAsync(source.DBSnapshotIdentifier);

        Assert.Equal("failed", (await lab.ShownAsync(copy.DBSnapshotIdentifier, Abroad)).Status);
    }

    [Fact]
    public async Task Delete_CopyUnderway_CancelsIt()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall, While = SnapshotStatus.Copying });
        var copy = await lab.CopyAsync(source.DBSnapshotArn, Abroad);

        await lab.In(Abroad).DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = copy.DBSnapshotIdentifier }, cancellation);

        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() => lab.ShownAsync(copy.DBSnapshotIdentifier, Abroad));
        Assert.Equal(["RDS-EVENT-0059", "RDS-EVENT-0061"], lab.EventIds.Skip(2));
    }

    private async Task<DBClusterSnapshot> CopyOfClusterAsync(string sourceArn, string? key = null) => (await lab.In(Abroad).CopyDBClusterSnapshotAsync(
        new CopyDBClusterSnapshotRequest
        {
            SourceDBClusterSnapshotIdentifier = sourceArn,
            SourceRegion = Home,
            TargetDBClusterSnapshotIdentifier = SnapshotsOnMoto.Name("copy"),
            KmsKeyId = key,
        }, cancellation)).DBClusterSnapshot;
}
