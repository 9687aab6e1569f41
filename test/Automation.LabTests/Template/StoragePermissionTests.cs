using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What GrowStorage may do: modify the instances whose tag says act, and nothing else; ForecastStorage: read.</summary>
public sealed class StoragePermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Grow = "GrowStorageRole", Forecast = "ForecastStorageRole", Here = "eu-central-1:123456789012";
    private const string Modify = "rds:ModifyDBInstance";
    private const string Database = $"arn:aws:rds:{Here}:db:orders", Cluster = $"arn:aws:rds:{Here}:cluster:ledger";

    private static readonly (string, string) OptedIn = ("aws:ResourceTag/automation:storage", "act max=500");

    [Theory]
    [InlineData("rds:DescribeDBInstances", Database)]
    [InlineData("rds:DescribeDBClusters", Cluster)]
    [InlineData("rds:DescribeDBProxies", $"arn:aws:rds:{Here}:db-proxy:prx-0123456789abcdef0")]
    [InlineData("rds:DescribeDBProxyTargets", $"arn:aws:rds:{Here}:target-group:prx-tg-0123456789abcdef0")]
    [InlineData("rds:DescribeEvents", "*")]
    [InlineData("cloudwatch:DescribeAlarms", $"arn:aws:cloudwatch:{Here}:alarm:*")]
    [InlineData("cloudwatch:GetMetricData", "*")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:prx-0123456789abcdef0/automation")]
    [InlineData("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:PutItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    public void Call_ThatBothMake_IsAllowed(string action, string resource) =>
        Assert.Equal((Verdict.Allowed, Verdict.Allowed), (Of(Grow).Evaluate(action, resource), Of(Forecast).Evaluate(action, resource)));

    [Fact]
    public void SizesThatRdsTakes_AreAskedByTheGrowthAlone()
    {
        Assert.Equal(Verdict.Allowed, Of(Grow).Evaluate("rds:DescribeValidDBInstanceModifications", Database));
        Assert.Equal(Verdict.NotAllowed, Of(Forecast).Evaluate("rds:DescribeValidDBInstanceModifications", Database));
    }

    // What the code reads as consent to act; a value that could not be followed for want of max= needs no right.
    [Theory]
    [InlineData("act max=500", true)]
    [InlineData("act max=500 horizon=14d react=4h past-400=yes", true)]
    [InlineData("max=500 act", true)]
    [InlineData("max=500 act horizon=14d", true)]
    [InlineData("act", false)]
    [InlineData("observe max=500", false)]
    [InlineData("off", false)]
    [InlineData("Act max=500", false)]
    [InlineData("acts max=500", false)]
    [InlineData("react=4h observe", false)]
    [InlineData("", false)]
    public void Growth_ValueOfTheTag_MustHoldTheWordActAndMore(string value, bool isAllowed)
    {
        (string, string) tag = ("aws:ResourceTag/automation:storage", value);

        Assert.Equal(isAllowed ? Verdict.Allowed : Verdict.Denied, Of(Grow).Evaluate(Modify, Database, tag));
        Assert.Equal(isAllowed ? Verdict.Allowed : Verdict.Denied, AndAllowsAll(Grow).Evaluate(Modify, Database, tag));
    }

    // Denied and not only not allowed: a permission that is added by mistake does not reach other databases.
    [Fact]
    public void Growth_WithoutTheTag_IsDeniedEvenIfAllowedOneDay()
    {
        Assert.Equal(Verdict.Denied, Of(Grow).Evaluate(Modify, Database));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Grow).Evaluate(Modify, Database));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Grow).Evaluate(Modify, Database, ("aws:ResourceTag/automation:connections", "act max=5")));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Grow).Evaluate(Modify, $"arn:aws:rds:{Here}:pg:orders"));
    }

    [Fact]
    public void Growth_Tag_IsThatOfTheParameter()
    {
        (string, string) opted = ("aws:ResourceTag/ops:storage", "act max=500");

        Assert.Equal(Verdict.Allowed, Of(Grow, ("TagPrefix", "ops")).Evaluate(Modify, Database, opted));
        Assert.Equal(Verdict.Denied, Of(Grow, ("TagPrefix", "ops")).Evaluate(Modify, Database, OptedIn));
    }

    [Theory]
    [InlineData(Modify, "arn:aws:rds:eu-west-1:123456789012:db:orders")]
    [InlineData(Modify, "arn:aws:rds:eu-central-1:999999999999:db:orders")]
    [InlineData("rds:AddRoleToDBInstance", Database)]
    [InlineData("rds:ApplyPendingMaintenanceAction", Database)]
    [InlineData("rds:CopyDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/postgres")]
    [InlineData("secretsmanager:GetSecretValue", $"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3")]
    [InlineData("cloudwatch:PutMetricAlarm", $"arn:aws:cloudwatch:{Here}:alarm:orders-free-storage")]
    [InlineData("cloudwatch:SetAlarmState", $"arn:aws:cloudwatch:{Here}:alarm:orders-free-storage")]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    public void AnythingElse_IsNotAllowedWhateverTheTag(string action, string resource) =>
        Assert.Equal(Verdict.NotAllowed, Of(Grow).Evaluate(action, resource, OptedIn));

    [Theory]
    [InlineData("rds:ModifyDBCluster", Cluster)]
    [InlineData("rds:ModifyCurrentDBClusterCapacity", Cluster)]
    [InlineData("rds:ModifyDBParameterGroup", $"arn:aws:rds:{Here}:pg:orders")]
    [InlineData("rds:ModifyDBProxyTargetGroup", $"arn:aws:rds:{Here}:target-group:prx-tg-0123456789abcdef0")]
    [InlineData("rds:ModifyDBSnapshotAttribute", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:ModifyOptionGroup", $"arn:aws:rds:{Here}:og:orders")]
    [InlineData("rds:ModifyGlobalCluster", "arn:aws:rds::123456789012:global-cluster:world")]
    [InlineData("rds:CreateDBInstanceReadReplica", Database)]
    [InlineData("rds:DeleteDBInstance", Database)]
    [InlineData("rds:RebootDBInstance", Database)]
    [InlineData("rds:StopDBInstance", Database)]
    [InlineData("rds:FailoverDBCluster", Cluster)]
    [InlineData("rds:RestoreDBInstanceToPointInTime", Database)]
    [InlineData("rds:PromoteReadReplica", Database)]
    [InlineData("rds:AddTagsToResource", Database)]
    [InlineData("rds:RemoveTagsFromResource", Database)]
    public void AnotherChange_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        Assert.Equal(Verdict.Denied, AndAllowsAll(Grow).Evaluate(action, resource, OptedIn));
        Assert.Equal(Verdict.Denied, AndAllowsAll(Forecast).Evaluate(action, resource, OptedIn));
    }

    // RotateSecret, RelieveConnections and the others log in to the same databases; none of them changes their size.
    [Fact]
    public void Growth_ByAnotherFunction_IsDeniedEvenIfAllowedOneDay()
    {
        var others = sam.OfType("AWS::IAM::Role").Keys.Where(role => role != Grow).ToList();

        Assert.Equal(7, others.Count);
        Assert.All(others, role => Assert.Equal(Verdict.Denied, AndAllowsAll(role).Evaluate(Modify, Database, OptedIn)));
    }

    private PolicyEvaluator Of(string role, params (string, string)[] parameters) => new(sam.StatementsOf(role, parameters));

    private PolicyEvaluator AndAllowsAll(string role) => new(
    [
        .. sam.StatementsOf(role),
        .. PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!),
    ]);
}
