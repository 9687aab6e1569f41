using System.Globalization;
using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

public sealed class SnapshotReadTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "ap-southeast-1";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Describe_MoreThanAPage_GivesEachOnce()
    {
        var instance = await lab.CreateInstanceAsync();
        // Straight at moto: one instance would otherwise be busy with one after the other.
        using var behind = new LabClients(moto.Server.Uri, LabClients.Anybody, Home);
        var ids = Enumerable.Range(0, 45).Select(i => string.Create(CultureInfo.InvariantCulture, $"{instance}-page-{i:00}")).ToArray();
        foreach (var id in ids)
            await behind.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = instance, DBSnapshotIdentifier = id }, cancellation);
        var request = new DescribeDBSnapshotsRequest { DBInstanceIdentifier = instance, SnapshotType = "manual", MaxRecords = 20 };

        var pages = await lab.Rds.Paginators.DescribeDBSnapshots(request).Responses.ToListAsync(cancellation);

        Assert.Equal([20, 20, 5], pages.Select(p => p.DBSnapshots.Count));
        Assert.Equal(ids, pages.SelectMany(p => p.DBSnapshots).Select(s => s.DBSnapshotIdentifier));
    }

    [Theory]
    [InlineData(19)]
    [InlineData(101)]
    public async Task Describe_PageOfAnotherSize_IsRefused(int records)
    {
        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() =>
            lab.Rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { MaxRecords = records }, cancellation));

        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
    }

    [Fact]
    public async Task Describe_ByResourceId_FindsThoseOfTheInstance()
    {
        var (first, second) = (await lab.TakeAsync(await lab.CreateInstanceAsync()), await lab.TakeAsync(await lab.CreateInstanceAsync()));

        var filtered = await lab.Rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest
        {
            Filters =
            [
                new Filter { Name = "dbi-resource-id", Values = [first.DbiResourceId, "db-NOBODY"] },
                new Filter { Name = "snapshot-type", Values = ["manual"] },
            ],
        }, cancellation);
        var asked = await lab.Rds.DescribeDBSnapshotsAsync(
            new DescribeDBSnapshotsRequest { DbiResourceId = second.DbiResourceId, SnapshotType = "manual" }, cancellation);

        Assert.Equal(first.DBSnapshotIdentifier, Assert.Single(filtered.DBSnapshots).DBSnapshotIdentifier);
        Assert.Equal(second.DBSnapshotIdentifier, Assert.Single(asked.DBSnapshots).DBSnapshotIdentifier);
    }

    [Fact]
    public async Task Describe_UnencryptedAndDefaultKey_ShowsAKeyKmsKnows()
    {
        var plain = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());
        var encrypted = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync(encrypted: true));

        Assert.Equal((false, null), (plain.StorageEncrypted, plain.KmsKeyId));
        Assert.True(encrypted.StorageEncrypted);
        Assert.Equal(await lab.Keys.DefaultKeyArnAsync(Home), encrypted.KmsKeyId);
    }
}
