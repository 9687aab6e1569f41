using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

public sealed class SnapshotSharingTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "ap-southeast-4";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Share_KeyOfTheCustomer_IsListedAndTakenBack()
    {
        var key = await lab.Keys.CreateAsync("alias/sharing", Home, null, cancellation);
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync(key: key));

        await ShareAsync(snapshot.DBSnapshotIdentifier, "111122223333");
        var shared = await AccountsAsync(snapshot.DBSnapshotIdentifier);
        await lab.Rds.ModifyDBSnapshotAttributeAsync(new ModifyDBSnapshotAttributeRequest
        {
            DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier,
            AttributeName = "restore",
            ValuesToRemove = ["111122223333"],
        }, cancellation);

        Assert.Equal(["111122223333"], shared);
        Assert.Empty(await AccountsAsync(snapshot.DBSnapshotIdentifier));
        Assert.Equal(key, snapshot.KmsKeyId);
        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() => ShareAsync(snapshot.DBSnapshotIdentifier, "all"));
        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
    }

    [Fact]
    public async Task Share_DefaultKey_IsRefused()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync(key: await lab.Keys.DefaultKeyArnAsync(Home)));

        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() => ShareAsync(snapshot.DBSnapshotIdentifier, "111122223333"));

        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
        Assert.Contains("default service key", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await AccountsAsync(snapshot.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Share_NotAvailable_IsRefused()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall });
        var snapshot = await lab.BeginAsync(await lab.CreateInstanceAsync());

        await Assert.ThrowsAsync<InvalidDBSnapshotStateException>(() => ShareAsync(snapshot.DBSnapshotIdentifier, "111122223333"));
    }

    private Task<ModifyDBSnapshotAttributeResponse> ShareAsync(string id, string account) => lab.Rds.ModifyDBSnapshotAttributeAsync(
        new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = id, AttributeName = "restore", ValuesToAdd = [account] }, cancellation);

    private async Task<List<string>> AccountsAsync(string id) => Assert.Single((await lab.Rds.DescribeDBSnapshotAttributesAsync(
        new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = id }, cancellation)).DBSnapshotAttributesResult.DBSnapshotAttributes).AttributeValues ?? [];
}
