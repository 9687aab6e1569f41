using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class RdsSnapshotTests(MotoFixture moto)
{
    private readonly IAmazonRDS rds = moto.Clients.Rds;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateDBSnapshot_WithTags_ComesBack()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);
        var name = Given.Name("snapshot");

        var response = await rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = instance.DBInstanceIdentifier,
            DBSnapshotIdentifier = name,
            Tags = [new Tag { Key = "automation:slot", Value = "2026-11-21T06:00:00Z" }],
        }, cancellation);

        Assert.Equal(name, response.DBSnapshot.DBSnapshotIdentifier);
        Assert.Equal("manual", response.DBSnapshot.SnapshotType);
        Assert.False(response.DBSnapshot.Encrypted);
        Assert.Equal("2026-11-21T06:00:00Z", Assert.Single(response.DBSnapshot.TagList).Value);
        Assert.Equal(DateTimeKind.Utc, response.DBSnapshot.SnapshotCreateTime!.Value.Kind);
    }

    [Fact]
    public async Task CreateDBSnapshot_ExistingName_IsTyped()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);

        await Assert.ThrowsAsync<DBSnapshotAlreadyExistsException>(() => rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = snapshot.DBInstanceIdentifier,
            DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier,
        }, cancellation));
    }

    [Fact]
    public async Task DescribeDBSnapshots_OfAnInstance_FindsThem()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);

        var found = await rds.Paginators
            .DescribeDBSnapshots(new DescribeDBSnapshotsRequest { DBInstanceIdentifier = snapshot.DBInstanceIdentifier, SnapshotType = "manual" })
            .DBSnapshots.ToListAsync(cancellation);

        Assert.Equal(snapshot.DBSnapshotArn, Assert.Single(found).DBSnapshotArn);
    }

    [Fact]
    public async Task CopyDBSnapshot_WithTags_IsAnotherSnapshot()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);
        var target = Given.Name("copy");

        var response = await rds.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = snapshot.DBSnapshotArn,
            TargetDBSnapshotIdentifier = target,
            Tags = [new Tag { Key = "automation:copy-of", Value = snapshot.DBSnapshotIdentifier }],
        }, cancellation);

        Assert.Equal(target, response.DBSnapshot.DBSnapshotIdentifier);
        Assert.Contains(response.DBSnapshot.TagList, t => t.Key == "automation:copy-of");
    }

    [Fact]
    public async Task ModifyDBSnapshotAttribute_TwoAccounts_AreListed()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);

        var response = await rds.ModifyDBSnapshotAttributeAsync(new ModifyDBSnapshotAttributeRequest
        {
            DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier,
            AttributeName = "restore",
            ValuesToAdd = ["111111111111", "222222222222"],
        }, cancellation);

        var attribute = Assert.Single(response.DBSnapshotAttributesResult.DBSnapshotAttributes);
        Assert.Equal("restore", attribute.AttributeName);
        Assert.Equal(["111111111111", "222222222222"], attribute.AttributeValues);
    }

    [Fact]
    public async Task DescribeDBSnapshotAttributes_UnknownSnapshot_IsTyped() =>
        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() =>
            rds.DescribeDBSnapshotAttributesAsync(new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = "nothing" }, cancellation));

    [Fact]
    public async Task RestoreDBInstanceFromDBSnapshot_NewName_IsAnInstance()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);
        var name = Given.Name("restored");

        var response = await rds.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest
        {
            DBInstanceIdentifier = name,
            DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier,
        }, cancellation);

        Assert.Equal(name, response.DBInstance.DBInstanceIdentifier);
    }

    [Fact]
    public async Task RestoreDBInstanceToPointInTime_AtATime_IsAnInstance()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);
        var name = Given.Name("restored");

        var response = await rds.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest
        {
            SourceDBInstanceIdentifier = instance.DBInstanceIdentifier,
            TargetDBInstanceIdentifier = name,
            RestoreTime = instance.InstanceCreateTime,
        }, cancellation);

        Assert.Equal(name, response.DBInstance.DBInstanceIdentifier);
    }

    [Fact]
    public async Task DeleteDBSnapshot_Twice_IsTyped()
    {
        var request = new DeleteDBSnapshotRequest { DBSnapshotIdentifier = (await Given.SnapshotAsync(rds, cancellation)).DBSnapshotIdentifier };

        var response = await rds.DeleteDBSnapshotAsync(request, cancellation);

        Assert.Equal(request.DBSnapshotIdentifier, response.DBSnapshot.DBSnapshotIdentifier);
        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() => rds.DeleteDBSnapshotAsync(request, cancellation));
    }
}
