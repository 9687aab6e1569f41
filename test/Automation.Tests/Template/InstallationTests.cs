using System.Text.Json.Nodes;

namespace Automation.Tests.Template;

/// <summary>A team leaves out what it does not want, and nothing of it is in its account.</summary>
public sealed class InstallationTests
{
    /// <summary>What every stack stands on, whatever it does.</summary>
    private static readonly string[] Always =
    [
        "Dashboard", "EncryptionKey", "FailedInvocationsAlarm", "FailedInvocationsQueue", "FailedInvocationsQueuePolicy", "GuardrailPolicy",
        "LedgerTable", "LostEventsAlarm", "NoSharingPolicy", "NotificationTopic", "NotificationTopicPolicy",
        "ThrottlesAlarm", "UndeliveredEventsAlarm", "UndeliveredEventsQueue", "UndeliveredEventsQueuePolicy",
    ];

    /// <summary>Of every part that is invoked asynchronously.</summary>
    private const string HandsOver = "LostFailuresAlarm";

    /// <summary>What a part adds to it, with the other parameters as they are.</summary>
    private static readonly Dictionary<string, string[]> Parts = new()
    {
        ["InstallConnections"] = [.. Function("RelieveConnections"), "RelieveConnectionsAlarmPermission"],
        ["InstallSecrets"] = [.. Function("RotateSecret"), "RotateSecretPermission", "RotatedSecretsPolicy", "RotationTroubleRule"],
        ["InstallSnapshots"] =
        [
            .. Function("TakeSnapshots"), "TakeSnapshotsScheduleAlarm", "TakenSnapshotsPolicy",
            .. Function("ReconcileSnapshots"), "ReconcileSnapshotsScheduleAlarm", "KeptSnapshotsPolicy",
        ],
        ["InstallFailover"] =
            [.. Function("TestFailover"), "TestedDatabasesPolicy", "ReportsBucket", "ReportsBucketPolicy"],
        ["InstallStorage"] =
        [
            .. Function("GrowStorage"), "GrowStorageAlarmPermission", "GrowStorageScheduleAlarm", "GrownDatabasesPolicy",
            .. Function("ForecastStorage"), "ForecastStorageScheduleAlarm",
        ],
    };

    /// <summary>What is there only where a parameter asks for it.</summary>
    private static readonly string[] Options =
    [
        "ConnectionsAlarm", "DynamoDbEndpoint", "EndpointsSecurityGroup", "MasterSecretsKeyPolicy", "MonitoringEndpoint", "NotificationEmailSubscription",
        "OffsiteSnapshotAgeAlarm", "RdsEndpoint", "S3Endpoint", "SecretsKeyPolicy", "SecretsManagerEndpoint", "SharedSnapshotsPolicy",
        "SnapshotAgeAlarm", "SnsEndpoint", "StorageAlarm", "TestFailoverScheduleAlarm", "VpcPolicy", .. Function("PrepareDatabase"),
    ];

    private static readonly (string, string)[] EveryOption =
    [
        ("Mode", "act"), ("NotificationEmail", "oncall@example.com"), ("ShareAccounts", "210987654321"), ("OffsiteSnapshotAgeAlarmHours", "30"),
        ("SecretsKeyArn", "arn:aws:kms:us-east-1:123456789012:key/1"), ("ConnectionsAlarmDatabase", "orders"), ("ConnectionsAlarmThreshold", "77"),
        ("StorageAlarmDatabase", "orders"), ("StorageAlarmThreshold", "1"), ("VpcSubnetIds", "subnet-1"), ("VpcSecurityGroupIds", "sg-1"),
        ("EndpointVpcId", "vpc-12345678"), ("EndpointRouteTableIds", "rtb-1"), ("EndpointVpcCidr", "10.0.0.0/16"), ("TestFailoverAlarmHours", "24"), ("CaBundlePath", "/opt/roots.pem"), ("PrepareDatabases", "act"),
    ];

    public static TheoryData<string> PartNames => [.. Parts.Keys];

    /// <summary>Every choice of parts but none at all.</summary>
    public static TheoryData<string> Choices => [.. Enumerable.Range(1, (1 << Parts.Count) - 1).Select(bits =>
        string.Join(' ', Parts.Keys.Where((_, i) => (bits & 1 << i) != 0)))];

    [Theory]
    [MemberData(nameof(Choices))]
    public void Stack_WithSomeParts_HasExactlyWhatBelongsToThem(string parts)
    {
        var chosen = parts.Split(' ');

        Assert.Equal(
            [.. Always.Concat(chosen.SelectMany(part => Parts[part])).Concat(chosen is ["InstallSecrets"] ? [] : [HandsOver]).Order()],
            TemplateTree.Created(Choose(chosen)).Keys.Order());
    }

    // Reading resolves every reference, and one to what is not made is an error, as in CloudFormation.
    [Theory]
    [MemberData(nameof(Choices))]
    public void Stack_WithSomePartsAndEveryOption_RefersToNothingThatIsNotThere(string parts)
    {
        var stack = TemplateTree.Created([.. Choose(parts.Split(' ')), .. EveryOption]);

        Assert.Contains("LedgerTable", stack.Keys);
        Assert.All(stack.Keys, id => Assert.Contains(id, Always.Append(HandsOver).Concat(Options).Concat(parts.Split(' ').SelectMany(part => Parts[part]))));
    }

    [Fact]
    public void Stack_WithEveryPartAndOption_IsTheWholeTemplate() =>
        Assert.Equal(TemplateTree.ById.Select(r => r.Key).Order(), TemplateTree.Created(EveryOption).Keys.Order());

    [Fact]
    public void Template_Resources_AreThoseOfThePartsAndTheOptions() =>
        Assert.Equal(Always.Append(HandsOver).Concat(Options).Concat(Parts.Values.SelectMany(ids => ids)).Order(), TemplateTree.ById.Select(r => r.Key).Order());

    // No right is better than one that nobody uses.
    [Fact]
    public void Stack_WithSnapshotsAlone_HasNoRightToLogInToRebootOrToChangeADatabase()
    {
        var roles = TemplateTree.Created([.. Choose(["InstallSnapshots"]), .. EveryOption]).Where(r => (string?)TemplateTree.ById[r.Key]!["Type"] == "AWS::IAM::Role");

        Assert.Equal(["ReconcileSnapshotsRole", "TakeSnapshotsRole"], roles.Select(r => r.Key).Order());
        var allowed = roles.SelectMany(r => r.Value!["Policies"]!.AsArray()).SelectMany(p => TemplateTree.Statements(p!["PolicyDocument"]!))
            .Where(s => (string?)s["Effect"] == "Allow").SelectMany(s => TemplateTree.Texts(s["Action"])).ToList();
        Assert.Contains("rds:DescribeDBInstances", allowed);
        Assert.DoesNotContain(allowed, a => a.StartsWith("rds-db:", StringComparison.Ordinal) || a.StartsWith("secretsmanager:", StringComparison.Ordinal));
        Assert.All(allowed.Where(a => a.StartsWith("rds:", StringComparison.Ordinal)), a => Assert.StartsWith("rds:Describe", a, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PartNames))]
    public void Outputs_OfAPart_AreThereWithIt(string part)
    {
        var outputs = TemplateTree.Root["Outputs"]!.AsObject()
            .Where(o => Named(o.Value!["Value"]!) is { } id && Parts[part].Contains(id));

        Assert.NotEmpty(outputs);
        Assert.All(outputs, o => Assert.Equal(part.Replace("Install", "Installs", StringComparison.Ordinal), (string?)o.Value!["Condition"]));
    }

    // A stack of nothing would have an empty list of rules, which SQS refuses after minutes.
    [Fact]
    public void Rules_RefuseAStackOfNothing()
    {
        var assertion = TemplateTree.Root["Rules"]!["SomethingIsInstalled"]!["Assertions"]![0]!["Assert"]!["Fn::Or"]!.AsArray();

        Assert.Equal(Parts.Keys, assertion.Select(equals => TemplateTree.Ref(equals!["Fn::Equals"]![0])));
        Assert.All(assertion, equals => Assert.Equal("true", (string?)equals!["Fn::Equals"]![1]));
    }

    private static string? Named(JsonNode value) => (string?)value["Ref"] ?? (string?)value["Fn::GetAtt"]?[0];

    private static string[] Function(string name) => [name + "Function", name + "Role", name + "LogGroup", name + "ErrorsAlarm"];

    private static (string, string)[] Choose(string[] parts) => [.. Parts.Keys.Select(part => (part, parts.Contains(part) ? "true" : "false"))];
}
