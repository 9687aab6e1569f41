using Amazon.RDS.Model;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

public sealed class SnapshotQuotaTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "ap-southeast-2", Abroad = "ap-southeast-3";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Create_BeyondTheQuota_IsRefusedUntilOneIsDeleted()
    {
        var instance = await lab.CreateInstanceAsync();
        var used = await UsedAsync(Home);
        lab.Snapshots.Quotas["ManualSnapshots"] = used + 1;
        var snapshot = await lab.TakeAsync(instance);

        var refused = await Assert.ThrowsAsync<SnapshotQuotaExceededException>(() => lab.BeginAsync(instance));

        Assert.Equal($"Cannot create more than {used + 1} manual snapshots", refused.Message);
        await lab.DeleteAsync(snapshot.DBSnapshotIdentifier);
        await lab.TakeAsync(instance);
    }

    [Fact]
    public async Task Copy_BeyondTheQuotaOfTheDestination_IsRefused()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        lab.Snapshots.Quotas["ManualSnapshots"] = await UsedAsync(Abroad);

        var refused = await Assert.ThrowsAsync<SnapshotQuotaExceededException>(() => lab.CopyAsync(source.DBSnapshotArn, Abroad));

        Assert.StartsWith("Cannot create more than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_InstanceWithALastSnapshot_CountsIt()
    {
        var (leaving, staying) = (await lab.CreateInstanceAsync(), await lab.CreateInstanceAsync());
        await lab.TakeAsync(staying);
        lab.Snapshots.Quotas["ManualSnapshots"] = await UsedAsync(Home) + 1;

        await lab.Rds.DeleteDBInstanceAsync(new DeleteDBInstanceRequest
        {
            DBInstanceIdentifier = leaving,
            FinalDBSnapshotIdentifier = SnapshotsOnMoto.Name("final"),
        }, cancellation);

        await Assert.ThrowsAsync<SnapshotQuotaExceededException>(() => lab.BeginAsync(staying));
    }

    [Fact]
    public async Task DescribeAccountAttributes_AfterSnapshots_CountsManualOnesApart()
    {
        var before = await QuotasAsync(Home);
        await lab.TakeAsync(await lab.CreateInstanceAsync());
        await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());
        lab.Snapshots.Quotas["ManualClusterSnapshots"] = 250;

        var after = await QuotasAsync(Home);

        long Growth(string name) => after[name].Used!.Value - before[name].Used!.Value;
        Assert.Equal([1, 1, 1, 1, 20], new[] { "ManualSnapshots", "ManualClusterSnapshots", "DBInstances", "DBClusters", "AllocatedStorage" }.Select(Growth));
        Assert.Equal((100, 250, 40), (after["ManualSnapshots"].Max, after["ManualClusterSnapshots"].Max, after["DBInstances"].Max));
        Assert.Equal(18, after.Count);
        Assert.Empty(lab.Endpoint.Problems.Entries);
    }

    [Fact]
    public void Quotas_UnknownName_IsRefused() =>
        Assert.Throws<KeyNotFoundException>(() => new SnapshotQuotas()["Snapshots"] = 1);

    private async Task<int> UsedAsync(string region) => (int)(await QuotasAsync(region))["ManualSnapshots"].Used!.Value;

    private async Task<Dictionary<string, AccountQuota>> QuotasAsync(string region) =>
        (await lab.In(region).DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), cancellation))
            .AccountQuotas.ToDictionary(q => q.AccountQuotaName);
}
