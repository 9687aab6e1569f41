using System.Globalization;
using System.Text.Json.Nodes;
using Automation.Failover;
using Automation.Lab.Account;

namespace Automation.Tests.Template;

/// <summary>The database of the example is what the practice asks for, in both forms: encrypted, private, protected, recoverable, seen.</summary>
public sealed class StagingExampleTests
{
    private const string Key = "arn:aws:kms:us-east-1:123456789012:key/1";

    public static TheoryData<string> Engines => [StagingExample.Postgres, StagingExample.Aurora];

    // Whatever is taken away or added, somebody has to say so here.
    [Theory]
    [InlineData(StagingExample.Postgres, "none", "AWS::CloudWatch::Alarm 2", "AWS::RDS::DBInstance 1", "AWS::RDS::DBParameterGroup 1")]
    [InlineData(StagingExample.Aurora, "none", "AWS::CloudWatch::Alarm 1", "AWS::RDS::DBCluster 1", "AWS::RDS::DBClusterParameterGroup 1", "AWS::RDS::DBInstance 2")]
    [InlineData(StagingExample.Postgres, "iam", "AWS::CloudWatch::Alarm 2", "AWS::RDS::DBInstance 1", "AWS::RDS::DBParameterGroup 1",
        "AWS::RDS::DBProxy 1", "AWS::RDS::DBProxyTargetGroup 1", "AWS::IAM::Role 1")]
    public void Stack_Makes_TheseResources(string engine, string proxy, params string[] resources)
    {
        string[] always =
        [
            "AWS::EC2::SecurityGroup 3", "AWS::EC2::SecurityGroupEgress 3", "AWS::EC2::SecurityGroupIngress 3", "AWS::IAM::Role 1",
            "AWS::Logs::LogGroup 2", "AWS::RDS::DBSubnetGroup 1", "AWS::SecretsManager::Secret 1",
        ];

        var made = StagingExample.Created(("Engine", engine), ("Proxy", proxy)).Values.GroupBy(r => (string)r["Type"]!).ToDictionary(g => g.Key, g => g.Count());

        var expected = always.Concat(resources).Select(line => line.Split(' ')).GroupBy(p => p[0])
            .ToDictionary(g => g.Key, g => g.Sum(p => int.Parse(p[1], CultureInfo.InvariantCulture)));
        Assert.Equal(expected, made);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Data_IsEncrypted_WithTheKeyThatWasGiven(string engine)
    {
        var withKey = StagingExample.Data(engine, ("KmsKeyArn", Key))["Properties"]!;
        var without = StagingExample.Data(engine)["Properties"]!;
        var insights = engine == StagingExample.Postgres ? "PerformanceInsightsKMSKeyId" : "PerformanceInsightsKmsKeyId";

        Assert.True((bool?)withKey["StorageEncrypted"]);
        Assert.Equal((Key, Key), ((string?)withKey["KmsKeyId"], (string?)withKey[insights]));
        Assert.True((bool?)without["StorageEncrypted"]);
        Assert.Equal((null, null), ((string?)without["KmsKeyId"], (string?)without[insights]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Data_OutlivesTheStack(string engine)
    {
        var data = StagingExample.Data(engine);

        Assert.Equal(("Snapshot", "Snapshot"), ((string?)data["DeletionPolicy"], (string?)data["UpdateReplacePolicy"]));
        Assert.True((bool?)data["Properties"]!["DeletionProtection"]);
        Assert.Equal(7, (int?)data["Properties"]!["BackupRetentionPeriod"]);
        Assert.True((bool?)data["Properties"]!["CopyTagsToSnapshot"]);
        // A name of its own keeps CloudFormation from replacing it.
        Assert.Equal(StagingExample.StackName, (string?)(data["Properties"]!["DBInstanceIdentifier"] ?? data["Properties"]!["DBClusterIdentifier"]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Database_IsReachedInPrivateSubnetsOnly(string engine)
    {
        var created = StagingExample.Created(("Engine", engine));
        var data = StagingExample.Data(engine)["Properties"]!;
        var instances = created.Values.Where(r => (string?)r["Type"] == "AWS::RDS::DBInstance").Select(r => r["Properties"]!).ToList();

        Assert.NotEmpty(instances);
        Assert.All(instances, instance => Assert.False((bool?)instance["PubliclyAccessible"] ?? true));
        Assert.Equal("SubnetGroup", (string?)data["DBSubnetGroupName"]);
        Assert.Equal(["subnet-1", "subnet-2"], TemplateTree.Texts(created["SubnetGroup"]["Properties"]!["SubnetIds"]));
        Assert.Equal(["DatabaseSecurityGroup"], TemplateTree.Texts(data["VPCSecurityGroups"] ?? data["VpcSecurityGroupIds"]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Login_IsByIam_AndTheMastersPasswordIsNobodys(string engine)
    {
        var data = StagingExample.Data(engine)["Properties"]!;

        Assert.True((bool?)data["EnableIAMDatabaseAuthentication"]);
        Assert.True((bool?)data["ManageMasterUserPassword"]);
        Assert.Equal("postgres", (string?)data["MasterUsername"]);
        Assert.Null(data["MasterUserPassword"]);
    }

    [Fact]
    public void Instance_HasAStandbyOfTheClassThatWasChosen()
    {
        var data = StagingExample.Data(StagingExample.Postgres, ("InstanceClass", "db.m7g.large"))["Properties"]!;

        Assert.True((bool?)data["MultiAZ"]);
        Assert.Equal("db.m7g.large", (string?)data["DBInstanceClass"]);
    }

    // A cluster of one has nothing that could take over; a reader of tier 0 or 1 is as big as the writer.
    [Fact]
    public void Cluster_HasAWriterAndAReaderThatCanTakeOver()
    {
        var members = StagingExample.Created(("Engine", StagingExample.Aurora)).Where(r => (string?)r.Value["Type"] == "AWS::RDS::DBInstance").ToDictionary();

        Assert.Equal(["Reader", "Writer"], members.Keys.Order());
        Assert.All(members.Values, member =>
        {
            Assert.Equal("Delete", (string?)member["DeletionPolicy"]);
            Assert.Equal("Delete", (string?)member["UpdateReplacePolicy"]);
            Assert.Equal("Cluster", (string?)member["Properties"]!["DBClusterIdentifier"]);
            Assert.Equal("db.serverless", (string?)member["Properties"]!["DBInstanceClass"]);
            Assert.InRange((int)member["Properties"]!["PromotionTier"]!, 0, 1);
        });
        Assert.Equal(["orders-staging-1", "orders-staging-2"], members.Values.Select(m => (string?)m["Properties"]!["DBInstanceIdentifier"]).Order());
        Assert.Equal("Writer", (string?)members["Reader"]["DependsOn"]);
        Assert.Equal(("0.5", "4"), Capacity(StagingExample.Data(StagingExample.Aurora)["Properties"]!["ServerlessV2ScalingConfiguration"]!));
    }

    private static (string, string) Capacity(JsonNode scaling) => (scaling["MinCapacity"]!.ToString(), scaling["MaxCapacity"]!.ToString());

    [Theory]
    [InlineData(StagingExample.Postgres, "postgres")]
    [InlineData(StagingExample.Aurora, "aurora-postgresql")]
    public void Database_IsPostgreSql17_AndTakesMinorVersionsByItself(string engine, string kind)
    {
        var data = StagingExample.Data(engine)["Properties"]!;

        Assert.Equal((kind, "17", "app"), ((string?)data["Engine"], (string?)data["EngineVersion"], (string?)(data["DBName"] ?? data["DatabaseName"])));
        Assert.All(StagingExample.Created(("Engine", engine)).Values.Where(r => (string?)r["Type"] == "AWS::RDS::DBInstance"), instance =>
        {
            Assert.Equal(kind, (string?)instance["Properties"]!["Engine"]);
            Assert.True((bool?)instance["Properties"]!["AutoMinorVersionUpgrade"]);
        });
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Database_IsSeen_ByInsightsMonitoringAndLogs(string engine)
    {
        var created = StagingExample.Created(("Engine", engine), ("LogRetentionDays", "14"));
        var data = StagingExample.Data(engine)["Properties"]!;
        var role = created["MonitoringRole"]["Properties"]!;
        var trust = Assert.Single(TemplateTree.Statements(role["AssumeRolePolicyDocument"]!));

        Assert.Equal("standard", (string?)data["DatabaseInsightsMode"]);
        Assert.True((bool?)(data["EnablePerformanceInsights"] ?? data["PerformanceInsightsEnabled"]));
        Assert.Equal(7, (int?)data["PerformanceInsightsRetentionPeriod"]);
        Assert.Equal((60, "MonitoringRole.Arn"), ((int?)data["MonitoringInterval"], (string?)data["MonitoringRoleArn"]));
        Assert.Equal(["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"], TemplateTree.Texts(role["ManagedPolicyArns"]));
        Assert.Equal(("monitoring.rds.amazonaws.com", "sts:AssumeRole"), ((string?)trust["Principal"]!["Service"], (string?)trust["Action"]));
        Assert.Equal("123456789012", (string?)trust["Condition"]!["StringEquals"]!["aws:SourceAccount"]);
        Assert.Equal(["postgresql", "iam-db-auth-error"], TemplateTree.Texts(data["EnableCloudwatchLogsExports"]));
    }

    // A log group that RDS finds already there is not made anew, without an end.
    [Theory]
    [InlineData(StagingExample.Postgres, "instance")]
    [InlineData(StagingExample.Aurora, "cluster")]
    public void Logs_ThatAreExported_EndSomeDay(string engine, string kind)
    {
        var groups = StagingExample.Created(("Engine", engine), ("LogRetentionDays", "14")).Where(r => (string?)r.Value["Type"] == "AWS::Logs::LogGroup").ToDictionary();
        var data = StagingExample.Data(engine);

        Assert.Equal(
            TemplateTree.Texts(data["Properties"]!["EnableCloudwatchLogsExports"]).Select(log => $"/aws/rds/{kind}/orders-staging/{log} 14").Order(),
            groups.Values.Select(g => $"{g["Properties"]!["LogGroupName"]} {g["Properties"]!["RetentionInDays"]}").Order());
        Assert.Equal(groups.Keys.Order(), TemplateTree.Texts(data["DependsOn"]).Order());
        Assert.All(groups.Values, g => Assert.Equal(("Delete", "Delete"), ((string?)g["DeletionPolicy"], (string?)g["UpdateReplacePolicy"])));
    }

    [Theory]
    [InlineData("autoscaling", "100")]
    [InlineData("automation", null)]
    public void Disk_IsGrownByOneOfTheTwo_UpToTheCap(string growth, string? cap)
    {
        var data = StagingExample.Data(StagingExample.Postgres, ("StorageGrowth", growth))["Properties"]!;

        Assert.Equal(("gp3", "50", cap), ((string?)data["StorageType"], data["AllocatedStorage"]?.ToString(), data["MaxAllocatedStorage"]?.ToString()));
    }

    // A test that would begin in a window is refused: with both defaults it has to come through.
    [Theory]
    [MemberData(nameof(Engines))]
    public void Windows_AreOpen_AtNoTimeOfTheDefaultSchedule(string engine)
    {
        var data = StagingExample.Data(engine)["Properties"]!;
        var schedule = ScheduleExpression.Parse((string)TemplateTree.Choices["TestFailoverSchedule"]!["Default"]!, DateTimeOffset.UnixEpoch);
        var test = schedule.Next(new DateTimeOffset(2026, 1, 14, 0, 0, 0, TimeSpan.Zero))!.Value;

        Assert.False(WindowRules.Meets((string)data["PreferredBackupWindow"]!, test, TimeSpan.FromMinutes(15)));
        Assert.False(WindowRules.Meets((string)data["PreferredMaintenanceWindow"]!, test, TimeSpan.FromMinutes(15)));
    }

    [Theory]
    [InlineData(StagingExample.Postgres, "AWS::RDS::DBParameterGroup", "postgres17")]
    [InlineData(StagingExample.Aurora, "AWS::RDS::DBClusterParameterGroup", "aurora-postgresql17")]
    public void Settings_AreSafeAndHaveLimits(string engine, string type, string family)
    {
        var data = StagingExample.Data(engine)["Properties"]!;
        var group = StagingExample.Only(type, ("Engine", engine));
        var settings = group["Parameters"]!.AsObject().ToDictionary(p => p.Key, p => (string?)p.Value);

        Assert.Equal(engine == StagingExample.Postgres ? "InstanceParameters" : "ClusterParameters",
            (string?)(data["DBParameterGroupName"] ?? data["DBClusterParameterGroupName"]));
        Assert.Equal(family, (string?)group["Family"]);
        // Only an instance is known to have this one.
        Assert.Equal(engine == StagingExample.Postgres ? "2" : null, settings.GetValueOrDefault("reserved_connections"));
        settings.Remove("reserved_connections");
        Assert.Equal(new Dictionary<string, string?>
        {
            ["rds.force_ssl"] = "1",
            ["rds.accepted_password_auth_method"] = "scram",
            ["password_encryption"] = "scram-sha-256",
            ["max_connections"] = "100",
            ["statement_timeout"] = "900000",
            ["idle_in_transaction_session_timeout"] = "600000",
            ["log_min_duration_statement"] = "1000",
            ["log_lock_waits"] = "1",
        }, settings);
    }
}
