using System.Text.Json.Nodes;
using Automation.Secrets;

namespace Automation.Tests.Template;

/// <summary>Who reaches the example's database, through what, and as whom.</summary>
public sealed class StagingAccessTests
{
    private const string Functions = "FunctionsSecurityGroup", Proxy = "ProxySecurityGroup", Database = "DatabaseSecurityGroup";

    // Every way in has its way out, and there is no third kind of way.
    [Theory]
    [InlineData("AWS::EC2::SecurityGroupEgress", "GroupId", "DestinationSecurityGroupId")]
    [InlineData("AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", "GroupId")]
    public void Groups_ReachGroups_OnThePortOfPostgresAndNoOther(string type, string from, string to)
    {
        var ways = StagingExample.Created().Values.Where(r => (string?)r["Type"] == type).Select(r => r["Properties"]!).ToList();

        Assert.Equal(
            [$"{Functions} {Database}", $"{Functions} {Proxy}", $"{Proxy} {Database}"],
            ways.Select(w => $"{w[from]} {w[to]}").Order(StringComparer.Ordinal));
        Assert.All(ways, way => Assert.Equal(("tcp", 5432, 5432), ((string?)way["IpProtocol"], (int?)way["FromPort"], (int?)way["ToPort"])));
        Assert.All(ways, way => Assert.DoesNotContain("Cidr", way.ToJsonString(), StringComparison.Ordinal));
    }

    // Without a rule of its own, CloudFormation gives a group one that lets everything out.
    [Theory]
    [InlineData(Functions, "tcp", 443, "0.0.0.0/0")]
    [InlineData(Proxy, "-1", null, "127.0.0.1/32")]
    [InlineData(Database, "-1", null, "127.0.0.1/32")]
    public void Group_ByItself_LetsNothingInAndOutOnlyThis(string group, string protocol, int? port, string address)
    {
        var properties = StagingExample.Created()[group]["Properties"]!;
        var rule = Assert.Single(properties["SecurityGroupEgress"]!.AsArray())!;

        Assert.Equal("vpc-1", (string?)properties["VpcId"]);
        Assert.Null(properties["SecurityGroupIngress"]);
        Assert.Equal((protocol, port, port, address),
            ((string)rule["IpProtocol"]!, (int?)rule["FromPort"], (int?)rule["ToPort"], (string)rule["CidrIp"]!));
    }

    [Theory]
    [InlineData("secrets", "NONE", "ApplicationSecret REQUIRED SECRETS POSTGRES_SCRAM_SHA_256")]
    [InlineData("iam", "IAM_AUTH", null)]
    public void Proxy_TakesTokensOverTlsOnly(string variant, string scheme, string? secret)
    {
        var created = StagingExample.Created(("Proxy", variant));
        var proxy = created["DatabaseProxy"]["Properties"]!;

        Assert.True((bool?)proxy["RequireTLS"]);
        Assert.False((bool?)proxy["DebugLogging"] ?? true);
        Assert.Equal(("POSTGRESQL", scheme), ((string?)proxy["EngineFamily"], (string?)proxy["DefaultAuthScheme"]));
        Assert.Equal(secret, proxy["Auth"] is JsonArray auth
            ? $"{Assert.Single(auth)!["SecretArn"]} {auth[0]!["IAMAuth"]} {auth[0]!["AuthScheme"]} {auth[0]!["ClientPasswordAuthType"]}"
            : null);
        Assert.Equal(("ProxyRole.Arn", StagingExample.StackName), ((string?)proxy["RoleArn"], (string?)proxy["DBProxyName"]));
        Assert.Equal("staging", StagingExample.Tags(proxy)["environment"]);
        Assert.Equal([Proxy], TemplateTree.Texts(proxy["VpcSecurityGroupIds"]));
        Assert.Equal(["subnet-1", "subnet-2"], TemplateTree.Texts(proxy["VpcSubnetIds"]));
    }

    [Theory]
    [InlineData(StagingExample.Postgres, "ProxyOfInstance", "DBInstanceIdentifiers", "Instance")]
    [InlineData(StagingExample.Aurora, "ProxyOfCluster", "DBClusterIdentifiers", "Cluster")]
    public void Proxy_LeadsToTheDatabase_AndBySizeAloneNeverRaisesTheAlarm(string engine, string targets, string property, string database)
    {
        var created = StagingExample.Created(("Engine", engine), ("Proxy", "iam"));
        var group = created[targets]["Properties"]!;
        var pool = group["ConnectionPoolConfigurationInfo"]!;

        Assert.Equal("DatabaseProxy", (string?)group["DBProxyName"]);
        Assert.Equal([database], TemplateTree.Texts(group[property]));
        Assert.Equal("default", (string?)group["TargetGroupName"]);
        Assert.True((int)pool["MaxConnectionsPercent"]! < (int)StagingExample.Root["Parameters"]!["ConnectionsAlarmThreshold"]!["Default"]!);
        Assert.True((int)pool["MaxIdleConnectionsPercent"]! < (int)pool["MaxConnectionsPercent"]!);
        // As long as a Multi-AZ failover may take.
        Assert.Equal(120, (int)pool["ConnectionBorrowTimeout"]!);
    }

    [Fact]
    public void Proxy_OfACluster_WaitsForBothMembers() => Assert.Equal(["Writer", "Reader"],
        TemplateTree.Texts(StagingExample.Created(("Engine", StagingExample.Aurora), ("Proxy", "iam"))["ProxyOfCluster"]["DependsOn"]));

    [Theory]
    [InlineData("secrets", StagingExample.Postgres, "secretsmanager:GetSecretValue", "ApplicationSecret")]
    [InlineData("iam", StagingExample.Postgres, "rds-db:connect",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:Instance.DbiResourceId/automation",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:Instance.DbiResourceId/app")]
    [InlineData("iam", StagingExample.Aurora, "rds-db:connect",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:Cluster.DBClusterResourceId/automation",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:Cluster.DBClusterResourceId/app")]
    public void ProxyRole_MayDoThisAlone(string variant, string engine, string action, params string[] resources)
    {
        var role = StagingExample.Created(("Engine", engine), ("Proxy", variant))["ProxyRole"]["Properties"]!;
        var policy = Assert.Single(role["Policies"]!.AsArray())!["PolicyDocument"]!;
        var statement = Assert.Single(TemplateTree.Statements(policy));
        var trust = Assert.Single(TemplateTree.Statements(role["AssumeRolePolicyDocument"]!));

        Assert.Null(role["ManagedPolicyArns"]);
        Assert.Equal(("rds.amazonaws.com", "sts:AssumeRole"), ((string?)trust["Principal"]!["Service"], (string?)trust["Action"]));
        Assert.Equal(("Allow", action), ((string?)statement["Effect"], (string?)statement["Action"]));
        Assert.Equal(resources, TemplateTree.Texts(statement["Resource"]));
    }

    // What Secrets Manager makes of it is a secret that RotateSecret takes: a role that changes its own password.
    [Theory]
    [InlineData(StagingExample.Postgres, "postgres", "Instance.Endpoint.Address")]
    [InlineData(StagingExample.Aurora, "aurora-postgresql", "Cluster.Endpoint.Address")]
    public void ApplicationSecret_IsOneThatRotateSecretRotates(string engine, string kind, string host)
    {
        var secret = StagingExample.Only("AWS::SecretsManager::Secret", ("Engine", engine));
        var made = JsonNode.Parse((string)secret["GenerateSecretString"]!["SecretStringTemplate"]!)!;
        made[(string)secret["GenerateSecretString"]!["GenerateStringKey"]!] = "a-password-of-letters";

        var document = SecretDocument.Read(made.ToJsonString(), out var fault);

        Assert.Null(fault);
        Assert.Equal((kind, host, 5432, "app", "app"), (document!.Engine, document.Host, document.Port, document.Database, document.Username));
        Assert.Null(DocumentRules.Check(document));
        Assert.Equal(RotationStrategy.SingleUser, StrategyRules.Of(document));
        Assert.Equal(new Dictionary<string, string> { ["environment"] = "staging", ["automation:rotation"] = "allow" }, StagingExample.Tags(secret));
        Assert.Equal("orders-staging/app", (string?)secret["Name"]);
        Assert.True((bool?)secret["GenerateSecretString"]!["ExcludePunctuation"]);
        Assert.True((int)secret["GenerateSecretString"]!["PasswordLength"]! >= 32);
    }

    // With a key of its own it would need SecretsKeyArn in the automation's stack.
    [Fact]
    public void ApplicationSecret_UsesTheAccountsKey_AndGoesWithTheStack()
    {
        var secret = StagingExample.Created()["ApplicationSecret"];

        Assert.Null(secret["Properties"]!["KmsKeyId"]);
        Assert.Equal(("Delete", "Delete"), ((string?)secret["DeletionPolicy"], (string?)secret["UpdateReplacePolicy"]));
    }
}
