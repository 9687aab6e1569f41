using System.Text;
using Automation.Lab.Account;
using Automation.Lab.Iam;
using Automation.Lab.Snapshots;

namespace Automation.Tests.Lab.Iam;

/// <summary>What is asked about a call, before the tags of resources are known.</summary>
public sealed class IamQuestionsTests
{
    private const string Account = "123456789012", Here = $"arn:aws:rds:eu-west-1:{Account}";

    [Theory]
    [InlineData("DescribeDBInstances", "", "db:*")]
    [InlineData("DescribeDBInstances", "DBInstanceIdentifier=orders", "db:orders")]
    [InlineData("DescribeDBClusters", "DBClusterIdentifier=ledger", "cluster:ledger")]
    [InlineData("DescribeDBSnapshots", "DBInstanceIdentifier=orders", "db:orders snapshot:*")]
    [InlineData("DescribeDBClusterSnapshots", "", "cluster:* cluster-snapshot:*")]
    [InlineData("DescribeDBProxyTargets", "DBProxyName=p", "db-proxy:* target-group:*")]
    [InlineData("DescribePendingMaintenanceActions", $"ResourceIdentifier={Here}:db:orders", "db:orders")]
    [InlineData("ModifyDBInstance", "DBInstanceIdentifier=orders&AllocatedStorage=200", "db:orders")]
    [InlineData("RebootDBInstance", "DBInstanceIdentifier=orders&ForceFailover=true", "db:orders")]
    [InlineData("FailoverDBCluster", "DBClusterIdentifier=ledger", "cluster:ledger")]
    [InlineData("FailoverDBCluster", "DBClusterIdentifier=ledger&TargetDBInstanceIdentifier=ledger-2", "cluster:ledger db:ledger-2")]
    [InlineData("DeleteDBSnapshot", "DBSnapshotIdentifier=auto-1", "snapshot:auto-1")]
    [InlineData("ModifyDBClusterSnapshotAttribute", "DBClusterSnapshotIdentifier=auto-1", "cluster-snapshot:auto-1")]
    public void Rds_ResourcesOfACall_AreThoseOfItsParameters(string action, string parameters, string resources) => Assert.Equal(
        resources.Split(' ').Select(resource => ($"rds:{action}", $"{Here}:{resource}")),
        RdsQuestions.Of(Call(action, parameters), Account)!.Select(question => (question.Action, question.Resource)));

    [Theory]
    [InlineData("DescribeEvents")]
    [InlineData("DescribeAccountAttributes")]
    public void Rds_ReadWithoutResource_IsAskedAboutEverything(string action) =>
        Assert.Equal("*", Assert.Single(RdsQuestions.Of(Call(action, ""), Account)!).Resource);

    // As of an action that only a later version of the functions calls.
    [Theory]
    [InlineData("DeleteDBInstance")]
    [InlineData("ListTagsForResource")]
    [InlineData("")]
    public void Rds_CallThatNoFunctionMakes_HasNoQuestions(string action) => Assert.Null(RdsQuestions.Of(Call(action, "DBInstanceIdentifier=orders"), Account));

    // Tags that are set while something is made are a right of their own.
    [Fact]
    public void Rds_Creation_IsAskedAboutSourceTargetAndTags()
    {
        var questions = RdsQuestions.Of(Call("CreateDBSnapshot", "DBInstanceIdentifier=orders&DBSnapshotIdentifier=auto-1&Tags.Tag.1.Key=a&Tags.Tag.1.Value=x&Tags.Tag.2.Key=b&Tags.Tag.2.Value="), Account)!;

        Assert.Equal(
            [("rds:CreateDBSnapshot", $"{Here}:db:orders"), ("rds:CreateDBSnapshot", $"{Here}:snapshot:auto-1"), ("rds:AddTagsToResource", $"{Here}:snapshot:auto-1")],
            questions.Select(question => (question.Action, question.Resource)));
        Assert.All(questions, question => Assert.Equal(
            ["aws:TagKeys=a", "aws:RequestTag/a=x", "aws:TagKeys=b", "aws:RequestTag/b="], question.Context.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void Rds_Copy_IsAskedAboutTheSourceInItsRegionAndTheTargetInTheCalls()
    {
        var call = Call("CopyDBSnapshot", $"SourceDBSnapshotIdentifier=arn:aws:rds:us-east-1:{Account}:snapshot:auto-1&TargetDBSnapshotIdentifier=auto-1-us-east-1");

        Assert.Equal(
            [$"arn:aws:rds:us-east-1:{Account}:snapshot:auto-1", $"{Here}:snapshot:auto-1-us-east-1"],
            RdsQuestions.OfCopy(call, SnapshotKind.Instance, Account).Select(question => question.Resource));
    }

    [Fact]
    public void DynamoDb_Transaction_IsAskedAboutByTheActionsItIsMadeOf()
    {
        var call = Call("TransactWriteItems", "") with
        {
            Body = Encoding.UTF8.GetBytes("""{"TransactItems":[{"ConditionCheck":{"TableName":"t"}},{"Put":{"TableName":"t"}},{"Update":{"TableName":"u"}},{"Delete":{"TableName":"t"}}]}"""),
        };

        Assert.Equal(
            ["dynamodb:ConditionCheckItem table/t", "dynamodb:PutItem table/t", "dynamodb:UpdateItem table/u", "dynamodb:DeleteItem table/t"],
            LedgerQuestions.Of(call, Account)!.Select(question => $"{question.Action} {question.Resource.Split(':')[5]}"));
        Assert.Null(LedgerQuestions.Of(call with { Action = "Scan" }, Account));
    }

    private static AwsCall Call(string action, string parameters) => new()
    {
        Service = "rds",
        Action = action,
        Region = "eu-west-1",
        At = DateTimeOffset.UnixEpoch,
        Parameters = parameters.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
    };
}
