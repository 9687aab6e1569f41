using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What the table of permissions means: calls that must work, calls that must not.</summary>
public sealed class PermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Here = "eu-central-1:123456789012";
    private static readonly string[] ReadsWithoutResource =
    [
        "cloudwatch:GetMetricData", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "rds:DescribeAccountAttributes", "rds:DescribeEvents",
    ];

    // Every alarm that fires, and maintenance of whatever a cluster is made of.
    private static readonly string[] ReadsOfEverything = ["cloudwatch:DescribeAlarms", "rds:DescribePendingMaintenanceActions"];

    // The same of GrowStorage and of ForecastStorage, beside those of TestFailover.
    private static readonly string[] ReadsOfStorage = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "rds:DescribeEvents"];

    [Theory]
    [InlineData("rds:DescribeDBInstances", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:DescribeDBClusters", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:cluster-ABCDEFGHIJKL01234/automation")]
    [InlineData("dynamodb:PutItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-RelieveConnections:log-stream:one")]
    public void RelieveConnections_CallItMakes_IsAllowed(string action, string resource) =>
        Assert.Equal(Verdict.Allowed, RelieveConnections().Evaluate(action, resource));

    [Theory]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/postgres")]
    [InlineData("rds-db:connect", "arn:aws:rds-db:eu-central-1:999999999999:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:PutItem", $"arn:aws:dynamodb:{Here}:table/orders")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-UndeliveredEventsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/other:log-stream:one")]
    [InlineData("secretsmanager:GetSecretValue", $"arn:aws:secretsmanager:{Here}:secret:orders-AbCdEf")]
    [InlineData("rds:CopyDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("iam:PassRole", "arn:aws:iam::123456789012:role/admin")]
    [InlineData("sts:AssumeRole", "arn:aws:iam::123456789012:role/admin")]
    public void RelieveConnections_AnythingElse_IsNotAllowed(string action, string resource) =>
        Assert.Equal(Verdict.NotAllowed, RelieveConnections().Evaluate(action, resource));

    // Denied and not only not allowed: a permission that is added by mistake does not open these.
    [Theory]
    [InlineData("rds:DeleteDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:DeleteDBCluster", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds:DeleteDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:ModifyDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:ModifyDBCluster", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds:ModifyDBSnapshotAttribute", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:ModifyDBClusterSnapshotAttribute", $"arn:aws:rds:{Here}:cluster-snapshot:orders-1")]
    [InlineData("rds:StartExportTask", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    [InlineData("rds:RebootDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:FailoverDBCluster", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds:StopDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:RestoreDBInstanceToPointInTime", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:AddTagsToResource", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:RemoveTagsFromResource", $"arn:aws:rds:{Here}:cluster:orders")]
    public void RelieveConnections_ChangeOfADatabase_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        var simulator = new PolicyEvaluator([.. sam.StatementsOf("RelieveConnectionsRole"), .. AllowsAll()]);

        Assert.Equal(Verdict.Denied, simulator.Evaluate(action, resource));
        Assert.Equal(Verdict.Allowed, simulator.Evaluate("rds:DescribeDBInstances", resource));
    }

    // The key serves the topic and the queue; it decrypts nothing that the code could ask for itself.
    [Theory]
    [InlineData("sns.eu-central-1.amazonaws.com", true)]
    [InlineData("sqs.eu-central-1.amazonaws.com", true)]
    [InlineData("rds.eu-central-1.amazonaws.com", false)]
    [InlineData(null, false)]
    public void RelieveConnections_UseOfTheKey_IsAllowedOnlyThroughTopicAndQueue(string? service, bool isAllowed)
    {
        var key = (string)sam.Resolve(new JsonObject { ["Arn"] = new JsonObject { ["Fn::GetAtt"] = new JsonArray("EncryptionKey", "Arn") } })["Arn"]!;
        (string, string)[] context = service is null ? [] : [("kms:ViaService", service)];

        Assert.Equal(isAllowed ? Verdict.Allowed : Verdict.NotAllowed, RelieveConnections().Evaluate("kms:Decrypt", key, context));
    }

    [Fact]
    public void NetworkInterfaces_InAVpc_AreForLambdaAndNotForTheFunctionsCode()
    {
        var simulator = RelieveConnections(("VpcSubnetIds", "subnet-1,subnet-2"), ("VpcSecurityGroupIds", "sg-1"));
        const string Interface = $"arn:aws:ec2:{Here}:network-interface/eni-1";

        Assert.Equal(Verdict.Allowed, simulator.Evaluate("ec2:CreateNetworkInterface", Interface));
        Assert.Equal(Verdict.Denied, simulator.Evaluate("ec2:CreateNetworkInterface", Interface,
            ("lambda:SourceFunctionArn", $"arn:aws:lambda:{Here}:function:lab-RelieveConnectionsFunction")));
    }

    [Fact]
    public void NetworkInterfaces_OutsideAVpc_AreNotAllowed() => Assert.Equal(Verdict.NotAllowed,
        RelieveConnections().Evaluate("ec2:CreateNetworkInterface", $"arn:aws:ec2:{Here}:network-interface/eni-1"));

    [Fact]
    public void Allow_OnAllResources_IsOnlyForReadsThatHaveNoResourceOrAskAboutAll()
    {
        var onAll = AllRoleStatements().Where(s => s.IsAllow && s.Resources.Any(r => r is JsonValue text && (string?)text == "*"));

        Assert.Equal([.. ReadsWithoutResource.Concat(ReadsOfEverything).Concat(ReadsOfStorage).Concat(ReadsOfStorage).Order()], onAll.SelectMany(s => s.Actions).Order());
    }

    [Fact]
    public void Allow_OfARole_NamesEveryActionInFull() =>
        Assert.DoesNotContain(AllRoleStatements().Where(s => s.IsAllow).SelectMany(s => s.Actions), a => a.Contains('*', StringComparison.Ordinal));

    [Fact]
    public void Roles_OfAllFunctions_CarryTheGuardrail() => Assert.All(sam.OfType("AWS::IAM::Role").Values, role =>
        Assert.Contains(role["ManagedPolicyArns"]!.AsArray(), policy => (string?)policy!["Ref"] == "GuardrailPolicy"));

    [Fact]
    public void Roles_OfAStackThatSharesWithNobody_MayNeverShareASnapshot() => Assert.All(sam.OfType("AWS::IAM::Role").Keys, role =>
    {
        var simulator = new PolicyEvaluator([.. sam.StatementsOf(role), .. AllowsAll()]);

        Assert.Equal(Verdict.Denied, simulator.Evaluate("rds:ModifyDBSnapshotAttribute", $"arn:aws:rds:{Here}:snapshot:auto-orders-1"));
        Assert.Equal(Verdict.Denied, simulator.Evaluate("rds:ModifyDBClusterSnapshotAttribute", $"arn:aws:rds:{Here}:cluster-snapshot:auto-orders-1"));
    });

    // Databases, clusters and what RDS keeps of them stay, protected as they are, whatever is allowed one day.
    [Theory]
    [InlineData("rds:DeleteDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:DeleteDBCluster", $"arn:aws:rds:{Here}:cluster:ledger")]
    [InlineData("rds:DeleteDBInstanceAutomatedBackup", $"arn:aws:rds:{Here}:auto-backup:ab-1")]
    [InlineData("rds:DeleteDBClusterAutomatedBackup", $"arn:aws:rds:{Here}:cluster-auto-backup:ab-1")]
    [InlineData("rds:DeleteDBShardGroup", $"arn:aws:rds:{Here}:shard-group:s-1")]
    [InlineData("rds:DeleteTenantDatabase", $"arn:aws:rds:{Here}:tenant-database:t-1")]
    [InlineData("rds:DeleteGlobalCluster", "arn:aws:rds::123456789012:global-cluster:world")]
    [InlineData("rds:RemoveFromGlobalCluster", "arn:aws:rds::123456789012:global-cluster:world")]
    // Deletion protection and backups of a cluster are settings of it.
    [InlineData("rds:ModifyDBCluster", $"arn:aws:rds:{Here}:cluster:ledger")]
    [InlineData("rds:StopDBInstanceAutomatedBackupsReplication", $"arn:aws:rds:{Here}:auto-backup:ab-1")]
    [InlineData("rds:StartExportTask", $"arn:aws:rds:{Here}:snapshot:auto-orders-1")]
    [InlineData("rds:AddTagsToResource", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:RemoveTagsFromResource", $"arn:aws:rds:{Here}:cluster:ledger")]
    [InlineData("secretsmanager:DeleteSecret", $"arn:aws:secretsmanager:{Here}:secret:orders-a1B2c3")]
    [InlineData("secretsmanager:PutResourcePolicy", $"arn:aws:secretsmanager:{Here}:secret:orders-a1B2c3")]
    [InlineData("secretsmanager:TagResource", $"arn:aws:secretsmanager:{Here}:secret:orders-a1B2c3")]
    public void Roles_OfAllFunctions_AreDeniedItEvenIfAllowedOneDay(string action, string resource) => Assert.All(sam.OfType("AWS::IAM::Role").Keys, role =>
        Assert.Equal(Verdict.Denied, new PolicyEvaluator([.. sam.StatementsOf(role), .. AllowsAll()]).Evaluate(action, resource)));

    [Fact]
    public void Roles_AreAssumedByLambdaAlone() => Assert.All(sam.OfType("AWS::IAM::Role").Values, role =>
    {
        var statement = Assert.Single(role["AssumeRolePolicyDocument"]!["Statement"]!.AsArray())!;
        Assert.Equal("""{"Service":"lambda.amazonaws.com"}""", statement["Principal"]!.ToJsonString());
        Assert.Equal("sts:AssumeRole", (string?)statement["Action"]);
    });

    [Fact]
    public void Permissions_ToInvoke_NameTheirSource()
    {
        var permissions = sam.OfType("AWS::Lambda::Permission").Values;

        Assert.Equal(
            [
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "events.amazonaws.com: SourceArn",
                "lambda.alarms.cloudwatch.amazonaws.com: SourceAccount SourceArn",
                "lambda.alarms.cloudwatch.amazonaws.com: SourceAccount SourceArn",
                // Secrets Manager documents no more than the account.
                "secretsmanager.amazonaws.com: SourceAccount",
            ],
            permissions.Select(p => $"{p["Principal"]}: {string.Join(' ', new[] { "SourceAccount", "SourceArn" }.Where(key => p[key] is not null))}").Order());
    }

    [Fact]
    public void Anybody_IsNamedOnlyInDenials()
    {
        JsonNode[] documents =
        [
            .. sam.OfType("AWS::KMS::Key").Values.Select(p => p["KeyPolicy"]!),
            .. sam.OfType("AWS::S3::BucketPolicy").Values.Select(p => p["PolicyDocument"]!),
            .. sam.OfType("AWS::SNS::TopicPolicy").Values.Select(p => p["PolicyDocument"]!),
            .. sam.OfType("AWS::SQS::QueuePolicy").Values.Select(p => p["PolicyDocument"]!),
        ];

        var forAnybody = documents.SelectMany(Statement.Of).Where(s => s.Who!.ToJsonString().Contains("\"*\"", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, forAnybody.Count);
        Assert.All(forAnybody, s => Assert.False(s.IsAllow));
    }

    private static IEnumerable<PolicyStatement> AllowsAll() =>
        PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!);

    private PolicyEvaluator RelieveConnections(params (string, string)[] parameters) => new(sam.StatementsOf("RelieveConnectionsRole", parameters));

    // A URL would be a second door, with a lock of its own.
    [Fact]
    public void Functions_HaveNoUrl() => Assert.Empty(sam.OfType("AWS::Lambda::Url"));

    private IEnumerable<Statement> AllRoleStatements() =>
        sam.OfType("AWS::IAM::Role").Values.SelectMany(r => r["Policies"]!.AsArray()).Select(p => p!["PolicyDocument"]!)
            .Concat(sam.OfType("AWS::IAM::ManagedPolicy").Values.Select(p => p["PolicyDocument"]!))
            .SelectMany(Statement.Of);
}
