using System.Text.Json.Nodes;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Template;

/// <summary>Both templates as stacks in moto's CloudFormation, as far as moto goes, in an account of their own (<c>deploy.py</c>).</summary>
public sealed class Deployment(MotoFixture moto) : IAsyncLifetime
{
    private const string Account = "310931093109";

    /// <summary>
    /// What moto's CloudFormation does not make. Besides, it makes of a policy document that is text (the template has some, because
    /// it cannot put a parameter into a key) nothing but an error: it gets what CloudFormation makes of the text.
    /// </summary>
    internal static readonly IReadOnlySet<string> Unmade = new HashSet<string>
    {
        "AWS::CloudWatch::Alarm", "AWS::EC2::SecurityGroupEgress", "AWS::Lambda::EventInvokeConfig", "AWS::RDS::DBCluster",
        "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBProxy", "AWS::RDS::DBProxyTargetGroup", "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::SecretsManager::Secret",
    };

    private readonly SamTranslation sam = new();
    private JsonObject? answer;

    /// <summary>Logical ids that should be there, and those that CloudFormation says it made, of each stack.</summary>
    internal IReadOnlyDictionary<string, (string[] Wanted, string[] Made)> Stacks { get; private set; } = new Dictionary<string, (string[], string[])>();

    /// <summary>Types that the templates have.</summary>
    internal IReadOnlySet<string> Types { get; private set; } = new HashSet<string>();

    /// <summary>What CloudFormation says it made and its own service does not know.</summary>
    internal string[] Unlisted => Texts(answer!["unlisted"]!);

    /// <summary>Types of <see cref="Unmade"/> that moto does make when it is asked for one and nothing else.</summary>
    internal string[] MadeAlone => Texts(answer!["alone"]!);

    public async ValueTask InitializeAsync()
    {
        await sam.InitializeAsync();
        Stack[] stacks =
        [
            // With everything that a parameter can add.
            new("automation", sam.Template, new()
            {
                ["Mode"] = "act",
                ["NotificationEmail"] = "oncall@example.com",
                ["OffsiteSnapshotAgeAlarmHours"] = "50",
                ["ConnectionsAlarmDatabase"] = "orders",
                ["ConnectionsAlarmThreshold"] = "77",
                ["StorageAlarmDatabase"] = "orders",
                ["StorageAlarmThreshold"] = "10737418240",
                ["PrepareDatabases"] = "act",
            }),
            new("orders-staging", YamlTree.Read(Repository.Read("examples/staging-database.yaml")), new() { ["Proxy"] = "secrets" }),
        ];
        var request = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(request, Request(stacks).ToJsonString(), TestContext.Current.CancellationToken);
        try
        {
            var output = await sam.RunAsync("test/Automation.LabTests/Template/deploy.py", moto.Server.Uri.AbsoluteUri, Account, request);
            answer = JsonNode.Parse(output.Split('\n').Single(line => line.StartsWith('{')))!.AsObject();
        }
        finally
        {
            File.Delete(request);
        }
        Types = stacks.SelectMany(stack => stack.ById.Select(TypeOf)).ToHashSet();
        Stacks = stacks.ToDictionary(stack => stack.Name, stack => (stack.Wanted(), Texts(answer["made"]![stack.Name]!)));
    }

    public ValueTask DisposeAsync() => sam.DisposeAsync();

    private static JsonObject Request(Stack[] stacks) => new()
    {
        ["stacks"] = new JsonArray([.. stacks.Select(stack => new JsonObject
        {
            ["name"] = stack.Name,
            ["template"] = stack.WithPlainPolicies(),
            ["parameters"] = new JsonObject(stack.Given.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        })]),
        ["unmade"] = new JsonArray([.. Unmade.Select(type => (JsonNode)type)]),
    };

    private static string TypeOf(KeyValuePair<string, JsonNode?> resource) => (string)resource.Value!["Type"]!;

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(item => (string)item!)];

    private sealed record Stack(string Name, JsonObject Template, Dictionary<string, string> Given)
    {
        // deploy.py gives the network that is there; which one, no condition asks.
        private static readonly string[] Network = ["VpcId", "SubnetIds", "VpcSubnetIds", "VpcSecurityGroupIds", "EndpointVpcId", "EndpointRouteTableIds"];

        public JsonObject ById => Template["Resources"]!.AsObject();

        public string[] Wanted() =>
        [
            .. ById.Where(r => !Unmade.Contains(TypeOf(r)) && ((string?)r.Value!["Condition"] is not { } condition || Intrinsics().Condition(condition, r.Key)))
                .Select(r => r.Key).Order(StringComparer.Ordinal),
        ];

        public JsonObject WithPlainPolicies()
        {
            var copy = Template.DeepClone().AsObject();
            foreach (var policy in copy["Resources"]!.AsObject().Where(r => TypeOf(r) == "AWS::IAM::ManagedPolicy").Select(r => r.Value!["Properties"]!))
            {
                if (policy["PolicyDocument"]!["Fn::Sub"] is not null)
                    policy["PolicyDocument"] = JsonNode.Parse((string)Intrinsics().Resolve(policy["PolicyDocument"], "PolicyDocument")!);
            }
            return copy;
        }

        private Intrinsics Intrinsics()
        {
            var network = Network.Where(name => Template["Parameters"]![name] is not null).Select(name => KeyValuePair.Create(name, "some-1"));
            var inputs = new TemplateInputs { StackName = Name, Region = "eu-central-1", AccountId = Account, Parameters = new Dictionary<string, string>(Given.Concat(network)) };
            return new Intrinsics(Template, inputs, new PhysicalResources(inputs));
        }
    }
}
