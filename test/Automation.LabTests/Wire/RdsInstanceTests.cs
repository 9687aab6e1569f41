using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class RdsInstanceTests(MotoFixture moto)
{
    private readonly IAmazonRDS rds = moto.Clients.Rds;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateDBInstance_EveryKindOfMember_ComesBack()
    {
        var name = Given.Name("instance");
        var response = await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = name,
            DBInstanceClass = "db.t4g.micro",
            Engine = "postgres",
            AllocatedStorage = 25,
            MultiAZ = true,
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
            Port = 5433,
            PubliclyAccessible = false,
            VpcSecurityGroupIds = ["sg-1", "sg-2"],
            EnableCloudwatchLogsExports = ["postgresql", "upgrade"],
            EnableIAMDatabaseAuthentication = true,
            Tags = [new Tag { Key = "owner", Value = "team a" }],
        }, cancellation);

        var instance = response.DBInstance;
        Assert.Equal(name, instance.DBInstanceIdentifier);
        Assert.Equal(25, instance.AllocatedStorage);
        Assert.True(instance.MultiAZ);
        Assert.False(instance.PubliclyAccessible);
        Assert.Equal(5433, instance.Endpoint.Port);
        Assert.Equal(["sg-1", "sg-2"], instance.VpcSecurityGroups.Select(g => g.VpcSecurityGroupId));
        Assert.Equal(["postgresql", "upgrade"], instance.EnabledCloudwatchLogsExports);
        Assert.Equal("team a", Assert.Single(instance.TagList).Value);
        Assert.Equal(DateTimeKind.Utc, instance.InstanceCreateTime!.Value.Kind);
        Assert.NotEqual(default, instance.InstanceCreateTime.Value);
        Assert.False(string.IsNullOrEmpty(response.ResponseMetadata.RequestId));
    }

    [Fact]
    public async Task CreateDBInstance_ExistingName_IsTyped()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);

        var error = await Assert.ThrowsAsync<DBInstanceAlreadyExistsException>(() => rds.CreateDBInstanceAsync(
            new CreateDBInstanceRequest
            {
                DBInstanceIdentifier = instance.DBInstanceIdentifier,
                DBInstanceClass = "db.t4g.micro",
                Engine = "postgres",
                AllocatedStorage = 20,
                MasterUsername = "owner",
                MasterUserPassword = "not-a-secret-1",
            }, cancellation));

        Assert.Equal("DBInstanceAlreadyExists", error.ErrorCode);
        Assert.IsAssignableFrom<AmazonRDSException>(error);
    }

    [Fact]
    public async Task DescribeDBInstances_OneByName_HasNestedListsAndNoUnsentMembers()
    {
        var created = await Given.InstanceAsync(rds, cancellation);

        var response = await rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = created.DBInstanceIdentifier }, cancellation);

        var instance = Assert.Single(response.DBInstances);
        Assert.Equal(created.DBInstanceArn, instance.DBInstanceArn);
        Assert.NotEmpty(instance.DBParameterGroups[0].DBParameterGroupName);
        Assert.Null(instance.DBClusterIdentifier);
        Assert.Null(instance.Iops);
        Assert.Null(instance.AutomationMode);
        Assert.True(string.IsNullOrEmpty(response.Marker));
    }

    [Fact]
    public async Task DescribeDBInstances_FilterWithSeveralValues_TakesEachOfThem()
    {
        var first = await Given.InstanceAsync(rds, cancellation);
        var second = await Given.InstanceAsync(rds, cancellation);
        await Given.InstanceAsync(rds, cancellation);

        var response = await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest
        {
            Filters = [new Filter { Name = "db-instance-id", Values = [first.DBInstanceIdentifier, second.DBInstanceIdentifier] }],
        }, cancellation);

        Assert.Equal(
            new[] { first.DBInstanceIdentifier, second.DBInstanceIdentifier }.Order(),
            response.DBInstances.Select(i => i.DBInstanceIdentifier).Order());
    }

    [Fact]
    public async Task DescribeDBInstances_UnknownName_IsTyped()
    {
        var error = await Assert.ThrowsAsync<DBInstanceNotFoundException>(() =>
            rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "nobody" }, cancellation));

        Assert.Equal("DBInstanceNotFound", error.ErrorCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, error.StatusCode);
        Assert.Equal(ErrorType.Sender, error.ErrorType);
        Assert.Contains("nobody", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DescribeDBInstances_EmptyAnswer_HasNoList()
    {
        using var elsewhere = new LabClients(moto.Server.Uri, LabClients.Anybody, "us-gov-west-1");

        var response = await elsewhere.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);

        Assert.Null(response.DBInstances);
    }

    [Fact]
    public async Task DescribeDBInstances_MoreThanAPage_PaginatorGivesEachOnce()
    {
        using var own = new LabClients(moto.Server.Uri, LabClients.Anybody, "eu-south-2");
        var names = new List<string>();
        for (var i = 0; i < 105; i++) names.Add((await Given.InstanceAsync(own.Rds, cancellation)).DBInstanceIdentifier);

        var pages = await own.Rds.Paginators.DescribeDBInstances(new DescribeDBInstancesRequest()).Responses.ToListAsync(cancellation);
        var found = await own.Rds.Paginators.DescribeDBInstances(new DescribeDBInstancesRequest()).DBInstances.ToListAsync(cancellation);

        Assert.Equal(2, pages.Count);
        Assert.Equal(names.Order(), found.Select(i => i.DBInstanceIdentifier).Order());
    }

    [Fact]
    public async Task DescribeDBInstances_PaginatorUsedTwice_Refuses()
    {
        var paginator = rds.Paginators.DescribeDBInstances(new DescribeDBInstancesRequest());
        await paginator.Responses.ToListAsync(cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => paginator.Responses.ToListAsync(cancellation).AsTask());
    }

    [Fact]
    public async Task ModifyDBInstance_NewStorage_IsThere()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);

        var response = await rds.ModifyDBInstanceAsync(new ModifyDBInstanceRequest
        {
            DBInstanceIdentifier = instance.DBInstanceIdentifier,
            AllocatedStorage = 40,
            ApplyImmediately = true,
        }, cancellation);

        Assert.Equal(40, response.DBInstance.AllocatedStorage);
    }

    [Fact]
    public async Task RebootDBInstance_WithFailover_Answers()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);

        var response = await rds.RebootDBInstanceAsync(
            new RebootDBInstanceRequest { DBInstanceIdentifier = instance.DBInstanceIdentifier, ForceFailover = true }, cancellation);

        Assert.Equal(instance.DBInstanceIdentifier, response.DBInstance.DBInstanceIdentifier);
    }

    [Fact]
    public async Task DeleteDBInstance_ThenDescribe_IsNotFound()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);

        var response = await rds.DeleteDBInstanceAsync(
            new DeleteDBInstanceRequest { DBInstanceIdentifier = instance.DBInstanceIdentifier, SkipFinalSnapshot = true }, cancellation);

        Assert.Equal("deleting", response.DBInstance.DBInstanceStatus);
        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() => rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = instance.DBInstanceIdentifier }, cancellation));
    }

    [Fact]
    public async Task AddTagsToResource_AwkwardText_ComesBackUnchanged()
    {
        var instance = await Given.InstanceAsync(rds, cancellation);

        await rds.AddTagsToResourceAsync(new AddTagsToResourceRequest
        {
            ResourceName = instance.DBInstanceArn,
            Tags = [new Tag { Key = "note", Value = Given.AwkwardText }, new Tag { Key = "empty", Value = "" }],
        }, cancellation);

        var tags = await TagsAsync(instance);
        Assert.Equal(Given.AwkwardText, tags["note"]);
        Assert.Equal("", tags["empty"]);
    }

    [Fact]
    public async Task ListTagsForResource_TwoTags_AreBothThere()
    {
        var instance = await Given.InstanceAsync(rds, cancellation,
            new Tag { Key = "automation:connections", Value = "act target=0.70" }, new Tag { Key = "environment", Value = "staging" });

        var tags = await TagsAsync(instance);

        Assert.Equal("act target=0.70", tags["automation:connections"]);
        Assert.Equal("staging", tags["environment"]);
    }

    [Fact]
    public async Task RemoveTagsFromResource_OneOfTwo_LeavesTheOther()
    {
        var instance = await Given.InstanceAsync(rds, cancellation, new Tag { Key = "a", Value = "1" }, new Tag { Key = "b", Value = "2" });

        await rds.RemoveTagsFromResourceAsync(
            new RemoveTagsFromResourceRequest { ResourceName = instance.DBInstanceArn, TagKeys = ["a"] }, cancellation);

        Assert.Equal(["b"], (await TagsAsync(instance)).Keys);
    }

    [Fact]
    public async Task DescribeEvents_OfAnInstance_HaveTimeAndCategories()
    {
        var snapshot = await Given.SnapshotAsync(rds, cancellation);

        var response = await rds.DescribeEventsAsync(new DescribeEventsRequest
        {
            SourceIdentifier = snapshot.DBInstanceIdentifier,
            SourceType = SourceType.DbInstance,
            StartTime = snapshot.InstanceCreateTime!.Value.AddMinutes(-1),
        }, cancellation);

        var created = response.Events.First(e => e.EventCategories.Contains("creation"));
        Assert.Equal(SourceType.DbInstance, created.SourceType);
        Assert.Equal(DateTimeKind.Utc, created.Date!.Value.Kind);
        Assert.InRange(created.Date.Value, snapshot.InstanceCreateTime.Value.AddMinutes(-5), snapshot.InstanceCreateTime.Value.AddMinutes(5));
    }

    [Fact]
    public async Task CreateDBSubnetGroup_SubnetsOfTheVpc_AreListed()
    {
        var subnets = await Given.SubnetsAsync(moto.Server.Uri, cancellation);

        var response = await rds.CreateDBSubnetGroupAsync(new CreateDBSubnetGroupRequest
        {
            DBSubnetGroupName = Given.Name("subnets"),
            DBSubnetGroupDescription = Given.AwkwardText,
            SubnetIds = subnets,
        }, cancellation);

        Assert.Equal(Given.AwkwardText, response.DBSubnetGroup.DBSubnetGroupDescription);
        Assert.Equal(subnets.Order(), response.DBSubnetGroup.Subnets.Select(s => s.SubnetIdentifier).Order());
        Assert.All(response.DBSubnetGroup.Subnets, s => Assert.StartsWith(MotoFixture.Region, s.SubnetAvailabilityZone.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DescribeDBParameters_UnknownGroup_IsTyped() =>
        await Assert.ThrowsAsync<DBParameterGroupNotFoundException>(() =>
            rds.DescribeDBParametersAsync(new DescribeDBParametersRequest { DBParameterGroupName = "nothing" }, cancellation));

    [Fact]
    public async Task DescribeDBClusterParameters_UnknownGroup_IsTyped() =>
        await Assert.ThrowsAsync<DBParameterGroupNotFoundException>(() =>
            rds.DescribeDBClusterParametersAsync(new DescribeDBClusterParametersRequest { DBClusterParameterGroupName = "nothing" }, cancellation));

    private async Task<Dictionary<string, string>> TagsAsync(DBInstance instance)
    {
        var response = await rds.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = instance.DBInstanceArn }, cancellation);
        return response.TagList.ToDictionary(t => t.Key, t => t.Value);
    }
}
