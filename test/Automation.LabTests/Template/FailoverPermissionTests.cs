using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What TestFailover may do: fail over what carries both tags, and leave a page; what nobody else may do.</summary>
public sealed class FailoverPermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Role = "TestFailoverRole", Here = "eu-central-1:123456789012";
    private const string Reboot = "rds:RebootDBInstance", FailOver = "rds:FailoverDBCluster";
    private const string Database = $"arn:aws:rds:{Here}:db:orders", Cluster = $"arn:aws:rds:{Here}:cluster:ledger";
    private const string Bucket = "arn:aws:s3:::lab-reportsbucket-123456789012-eu-central-1";

    private static readonly (string, string) OptedIn = ("aws:ResourceTag/automation:failover-test", "allow");
    private static readonly (string, string) Staging = ("aws:ResourceTag/environment", "staging");
    private static readonly (string, string) Production = ("aws:ResourceTag/environment", "production");

    /// <summary>The two calls, each on what it changes.</summary>
    public static TheoryData<string, string> Failovers => new() { { Reboot, Database }, { FailOver, Cluster } };

    [Theory]
    [InlineData("rds:DescribeDBInstances", Database)]
    [InlineData("rds:DescribeDBClusters", Cluster)]
    [InlineData("rds:DescribeDBSnapshots", Database)]
    [InlineData("rds:DescribeDBSnapshots", $"arn:aws:rds:{Here}:snapshot:*")]
    [InlineData("rds:DescribeDBClusterSnapshots", Cluster)]
    [InlineData("rds:DescribeDBClusterSnapshots", $"arn:aws:rds:{Here}:cluster-snapshot:*")]
    [InlineData("rds:DescribeDBProxies", $"arn:aws:rds:{Here}:db-proxy:prx-0123456789abcdef0")]
    [InlineData("rds:DescribeDBProxyTargets", $"arn:aws:rds:{Here}:db-proxy:prx-0123456789abcdef0")]
    [InlineData("rds:DescribeDBProxyTargets", $"arn:aws:rds:{Here}:target-group:prx-tg-0123456789abcdef0")]
    [InlineData("rds:DescribeEvents", "*")]
    [InlineData("rds:DescribePendingMaintenanceActions", Database)]
    [InlineData("rds:DescribePendingMaintenanceActions", Cluster)]
    [InlineData("cloudwatch:DescribeAlarms", $"arn:aws:cloudwatch:{Here}:alarm:*")]
    [InlineData("cloudwatch:GetMetricData", "*")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:prx-0123456789abcdef0/automation")]
    [InlineData("s3:PutObject", $"{Bucket}/failover/orders/2026-11-21T040005Z.html")]
    [InlineData("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-TestFailover:log-stream:one")]
    public void Call_ThatATestMakes_IsAllowed(string action, string resource) => Assert.Equal(Verdict.Allowed, Test().Evaluate(action, resource));

    [Theory]
    [MemberData(nameof(Failovers))]
    public void Failover_WithBothTags_IsAllowed(string action, string resource) =>
        Assert.Equal(Verdict.Allowed, Test().Evaluate(action, resource, OptedIn, Staging));

    [Theory]
    [MemberData(nameof(Failovers))]
    public void Failover_WithoutTheOptInTag_IsNotAllowed(string action, string resource)
    {
        Assert.Equal(Verdict.NotAllowed, Test().Evaluate(action, resource, Staging));
        Assert.Equal(Verdict.NotAllowed, Test().Evaluate(action, resource, Staging, ("aws:ResourceTag/failover-test", "allow")));
    }

    // Denied and not only not allowed: a permission that is added by mistake does not open production.
    [Theory]
    [MemberData(nameof(Failovers))]
    public void Failover_WithoutTheStagingTag_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        Assert.Equal(Verdict.Denied, Test().Evaluate(action, resource, OptedIn));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Role).Evaluate(action, resource, OptedIn));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Role).Evaluate(action, resource, OptedIn, Production));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Role).Evaluate(action, resource, OptedIn, ("aws:ResourceTag/environment", "Staging")));
        Assert.Equal(Verdict.Allowed, AndAllowsAll(Role).Evaluate(action, resource, OptedIn, Staging));
    }

    // AWS lists the instance that is to take over as a resource of the call, too. An instance of a cluster need not carry tags of
    // its own.
    [Fact]
    public void Failover_OfACluster_IsDecidedByTheTagsOfTheClusterAlone()
    {
        const string Target = $"arn:aws:rds:{Here}:db:ledger-2";

        Assert.Equal((Verdict.Allowed, Verdict.Allowed), (Test().Evaluate(FailOver, Cluster, OptedIn, Staging), Test().Evaluate(FailOver, Target)));
        Assert.Equal(Verdict.Denied, Test().Evaluate(FailOver, Cluster));
        // The target is not rebooted.
        Assert.Equal(Verdict.Denied, Test().Evaluate(Reboot, Target));
    }

    // What the code reads as consent, and nothing like it; the words of the tag may come in any order.
    [Theory]
    [InlineData("allow", true)]
    [InlineData("allow budget=60s", true)]
    [InlineData("budget=60s allow", true)]
    [InlineData("off", false)]
    [InlineData("disallow", false)]
    [InlineData("allowed", false)]
    [InlineData("Allow", false)]
    [InlineData("observe", false)]
    [InlineData("budget=60s", false)]
    [InlineData("", false)]
    public void Failover_ValueOfTheOptInTag_MustHoldTheWordAllow(string value, bool isAllowed)
    {
        var expected = isAllowed ? Verdict.Allowed : Verdict.NotAllowed;
        (string, string) tag = ("aws:ResourceTag/automation:failover-test", value);

        Assert.Equal(expected, Test().Evaluate(Reboot, Database, Staging, tag));
        Assert.Equal(expected, Test().Evaluate(FailOver, Cluster, Staging, tag));
    }

    [Theory]
    [MemberData(nameof(Failovers))]
    public void Failover_Tags_AreThoseOfTheParameters(string action, string resource)
    {
        (string, string) ours = ("aws:ResourceTag/stage", "test"), opted = ("aws:ResourceTag/ops:failover-test", "allow");

        Assert.Equal(Verdict.Allowed, Test(("StagingTag", "stage=test")).Evaluate(action, resource, OptedIn, ours));
        Assert.Equal(Verdict.Denied, Test(("StagingTag", "stage=test")).Evaluate(action, resource, OptedIn, Staging));
        Assert.Equal(Verdict.Allowed, Test(("TagPrefix", "ops")).Evaluate(action, resource, opted, Staging));
        Assert.Equal(Verdict.NotAllowed, Test(("TagPrefix", "ops")).Evaluate(action, resource, OptedIn, Staging));
    }

    [Theory]
    [InlineData(Reboot, "arn:aws:rds:eu-west-1:123456789012:db:orders")]
    [InlineData(Reboot, "arn:aws:rds:eu-central-1:999999999999:db:orders")]
    [InlineData(FailOver, "arn:aws:rds:eu-west-1:123456789012:cluster:ledger")]
    [InlineData("rds:AddRoleToDBInstance", Database)]
    [InlineData("rds:CopyDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:ApplyPendingMaintenanceAction", Database)]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/postgres")]
    [InlineData("secretsmanager:GetSecretValue", $"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3")]
    [InlineData("s3:PutObject", $"{Bucket}/index.html")]
    [InlineData("s3:PutObject", $"{Bucket}/failovers/orders.html")]
    [InlineData("s3:PutObject", "arn:aws:s3:::payments/failover/orders.html")]
    [InlineData("s3:GetObject", $"{Bucket}/failover/orders/2026-11-21T040005Z.html")]
    [InlineData("s3:DeleteObject", $"{Bucket}/failover/orders/2026-11-21T040005Z.html")]
    [InlineData("s3:PutObjectAcl", $"{Bucket}/failover/orders/2026-11-21T040005Z.html")]
    [InlineData("s3:ListBucket", Bucket)]
    [InlineData("s3:PutBucketPolicy", Bucket)]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("cloudwatch:SetAlarmState", $"arn:aws:cloudwatch:{Here}:alarm:orders")]
    [InlineData("cloudwatch:DisableAlarmActions", $"arn:aws:cloudwatch:{Here}:alarm:orders")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    public void AnythingElse_IsNotAllowedWhateverTheTags(string action, string resource) =>
        Assert.Equal(Verdict.NotAllowed, Test().Evaluate(action, resource, OptedIn, Staging));

    [Theory]
    [InlineData("rds:ModifyDBInstance", Database)]
    [InlineData("rds:ModifyDBCluster", Cluster)]
    [InlineData("rds:DeleteDBInstance", Database)]
    [InlineData("rds:DeleteDBCluster", Cluster)]
    [InlineData("rds:DeleteDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:DeleteDBClusterSnapshot", $"arn:aws:rds:{Here}:cluster-snapshot:ledger-1")]
    [InlineData("rds:ModifyDBSnapshotAttribute", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:CreateDBSnapshot", Database)]
    [InlineData("rds:CreateDBInstanceReadReplica", Database)]
    [InlineData("rds:RestoreDBInstanceToPointInTime", Database)]
    [InlineData("rds:StopDBInstance", Database)]
    [InlineData("rds:StartDBCluster", Cluster)]
    [InlineData("rds:RebootDBCluster", Cluster)]
    [InlineData("rds:FailoverGlobalCluster", Cluster)]
    [InlineData("rds:FailoverGlobalCluster", "arn:aws:rds::123456789012:global-cluster:world")]
    [InlineData("rds:SwitchoverGlobalCluster", Cluster)]
    [InlineData("rds:PromoteReadReplica", Database)]
    [InlineData("rds:AddTagsToResource", Database)]
    [InlineData("rds:AddTagsToResource", Cluster)]
    [InlineData("rds:RemoveTagsFromResource", Cluster)]
    [InlineData("secretsmanager:PutResourcePolicy", $"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3")]
    public void AnotherChange_IsDeniedEvenIfAllowedOneDay(string action, string resource) =>
        Assert.Equal(Verdict.Denied, AndAllowsAll(Role).Evaluate(action, resource, OptedIn, Staging));

    [Fact]
    public void NetworkInterfaces_InAVpc_AreForLambdaAndNotForTheFunctionsCode()
    {
        const string Interface = $"arn:aws:ec2:{Here}:network-interface/eni-1";
        var inVpc = Test(("VpcSubnetIds", "subnet-1,subnet-2"), ("VpcSecurityGroupIds", "sg-1"));

        Assert.Equal(Verdict.Allowed, inVpc.Evaluate("ec2:CreateNetworkInterface", Interface));
        Assert.Equal(Verdict.Denied, inVpc.Evaluate("ec2:CreateNetworkInterface", Interface,
            ("lambda:SourceFunctionArn", $"arn:aws:lambda:{Here}:function:lab-TestFailoverFunction")));
        Assert.Equal(Verdict.NotAllowed, Test().Evaluate("ec2:CreateNetworkInterface", Interface));
    }

    [Theory]
    [MemberData(nameof(Failovers))]
    public void Failover_ByAnotherFunction_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        var others = sam.OfType("AWS::IAM::Role").Keys.Where(role => role != Role).ToList();

        Assert.Equal(7, others.Count);
        Assert.All(others, role =>
            Assert.Equal(Verdict.Denied, AndAllowsAll(role, ("ShareAccounts", "210987654321")).Evaluate(action, resource, OptedIn, Staging)));
    }

    private PolicyEvaluator Test(params (string, string)[] parameters) => new(sam.StatementsOf(Role, parameters));

    private PolicyEvaluator AndAllowsAll(string role, params (string, string)[] parameters) => new(
    [
        .. sam.StatementsOf(role, parameters),
        .. PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!),
    ]);
}
