using System.Reflection;
using System.Text.Json.Nodes;
using Amazon.Lambda.Annotations;
using Automation.Lab.Setup;
using Automation.Outcomes;

namespace Automation.Tests.Template;

/// <summary>What is deployed as a function is what the code says is one.</summary>
public sealed class FunctionTests
{
    private static readonly Assembly Application = typeof(Outcome).Assembly;

    /// <summary>Every variable that all functions get from us.</summary>
    private static readonly string[] Variables =
    [
        "MODE", "TAG_PREFIX", "NOTIFICATION_TOPIC_ARN", "LEDGER_TABLE_NAME", "STAGING_TAG", "DATABASE_USER", "CA_BUNDLE_PATH",
        "SHARE_ACCOUNTS", "ANNOTATIONS_HANDLER",
    ];

    /// <summary>What one function gets beside them; with these the code reads no other.</summary>
    private static readonly Dictionary<string, string[]> OwnVariables = new() { ["TestFailoverFunction"] = ["REPORT_BUCKET"] };

    /// <summary>The one that measures: its own pauses would look like an outage.</summary>
    private const string Measures = "TestFailoverFunction";

    public static TheoryData<string> FunctionIds => [.. TemplateTree.Functions.Keys];

    public static TheoryData<string> IdsThatLogIn => [.. TemplateTree.Functions.Keys.Where(LogsIn)];

    public static TheoryData<string> IdsThatSpeakWithAwsAlone => [.. TemplateTree.Functions.Keys.Where(id => !LogsIn(id))];

    [Fact]
    public void Functions_OfTheTemplate_AreTheLambdaFunctionMethodsOfTheCode()
    {
        var methods = Application.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .Where(m => m.GetCustomAttribute<LambdaFunctionAttribute>() is not null)
            .Select(m => m.Name);

        var handlers = TemplateTree.Functions.Values.Select(f => (string)f["Environment"]!["Variables"]!["ANNOTATIONS_HANDLER"]!);

        Assert.Equal(methods.Order(), handlers.Order());
    }

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void LogicalId_OfAFunction_IsItsHandlerAndTheWordFunction(string id) =>
        Assert.Equal(id, (string)TemplateTree.Functions[id]["Environment"]!["Variables"]!["ANNOTATIONS_HANDLER"]! + "Function");

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Environment_OfAFunction_HasExactlyTheDocumentedVariables(string id) => Assert.Equal(
        Variables.Concat(OwnVariables.GetValueOrDefault(id, [])).Order(),
        TemplateTree.Functions[id]["Environment"]!["Variables"]!.AsObject().Select(v => v.Key).Order());

    [Fact]
    public void Environment_WithDefaultParameters_HasTheDocumentedDefaults()
    {
        var environment = TemplateTree.Deployed().Function("RelieveConnectionsFunction").Environment;

        Assert.Equal("observe", environment["MODE"]);
        Assert.Equal("automation", environment["TAG_PREFIX"]);
        Assert.Equal("environment=staging", environment["STAGING_TAG"]);
        Assert.Equal("automation", environment["DATABASE_USER"]);
        Assert.DoesNotContain("CA_BUNDLE_PATH", environment.Keys);
        Assert.DoesNotContain("SHARE_ACCOUNTS", environment.Keys);
    }

    // What the template hands over is what the code accepts: names, and the form of every value.
    [Fact]
    public void Environment_OfADeployedFunction_IsAccepted()
    {
        var environment = TemplateTree.Deployed(("Mode", "act")).Function("RelieveConnectionsFunction").Environment;

        Assert.Equal(Mode.Act, Settings.Read(environment.GetValueOrDefault).Mode);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("123456789012,210987654321", new[] { "123456789012", "210987654321" })]
    public void Environment_OfReconcileSnapshots_NamesTheAccountsToShareWith(string parameter, string[] accounts)
    {
        var environment = TemplateTree.Deployed(("ShareAccounts", parameter)).Function("ReconcileSnapshotsFunction").Environment;

        Assert.Equal(accounts, Settings.Read(environment.GetValueOrDefault).ShareAccounts);
    }

    [Fact]
    public void Environment_OfTestFailover_NamesTheBucketOfItsReports()
    {
        var template = TemplateTree.Deployed();
        var environment = template.Function(Measures).Environment;

        Assert.Equal(Assert.Single(template.Buckets).Name, Settings.Read(environment.GetValueOrDefault).ReportBucket);
    }

    // The role's condition and the code read one parameter, and must cut it into the same two parts.
    [Theory]
    [InlineData("environment=staging", "environment", "staging")]
    [InlineData("team:stage=test 1", "team:stage", "test 1")]
    public void StagingTag_OfTheRole_IsTheOneOfTheCode(string parameter, string key, string value)
    {
        var environment = TemplateTree.Deployed(("StagingTag", parameter)).Function(Measures).Environment;
        var policy = TemplateTree.OfType("AWS::IAM::ManagedPolicy")["TestedDatabasesPolicy"]["PolicyDocument"]!;
        var document = JsonNode.Parse((string)TemplateTree.Resolved(policy, ("StagingTag", parameter))!)!;

        Assert.Equal(new StagingTag(key, value), Settings.Read(environment.GetValueOrDefault).StagingTag);
        Assert.Equal(
            Enumerable.Repeat((key, value), 4),
            TemplateTree.Statements(document)
                .SelectMany(s => s["Condition"] is { } when ? (when["StringEquals"] ?? when["StringNotEquals"])!.AsObject() : [])
                .Select(c => (c.Key["aws:ResourceTag/".Length..], (string)c.Value!)));
    }

    [Fact]
    public void Environment_WithGivenParameters_CarriesThem()
    {
        var environment = TemplateTree.Deployed(("Mode", "act"), ("TagPrefix", "ops"), ("StagingTag", "stage=test"),
            ("DatabaseUser", "healer"), ("CaBundlePath", "/opt/roots.pem")).Function("RelieveConnectionsFunction").Environment;

        Assert.Equal("act", environment["MODE"]);
        Assert.Equal("ops", environment["TAG_PREFIX"]);
        Assert.Equal("stage=test", environment["STAGING_TAG"]);
        Assert.Equal("healer", environment["DATABASE_USER"]);
        Assert.Equal("/opt/roots.pem", environment["CA_BUNDLE_PATH"]);
    }

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Handler_OfAFunction_IsTheExecutable(string id)
    {
        var function = TemplateTree.Functions[id];

        Assert.Equal(Application.GetName().Name, (string?)function["Handler"]);
        Assert.Equal("dotnet10", (string?)function["Runtime"]);
        Assert.Equal("Architecture", TemplateTree.Ref(function["Architectures"]![0]));
    }

    // CPU comes with memory, and the first call of a cold process needs it; tracing would need rights on every resource.
    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Resources_OfAFunction_AreEnoughForAQuickStartAndNoMore(string id)
    {
        var function = TemplateTree.Functions[id];

        // 1769 MB come with one whole processor.
        Assert.Equal(id == Measures ? 1769 : 512, (int)function["MemorySize"]!);
        Assert.Equal("PassThrough", (string?)function["Tracing"]);
    }

    // What is reserved is taken from all others, and is refused in an account whose quota is 10.
    [Theory]
    [InlineData("true", new[] { "TestFailoverFunction 1" })]
    [InlineData("false", new string[0])]
    public void Concurrency_IsReservedForTheTestAlone_AndOnlyWhereAskedFor(string parameter, string[] reserved) => Assert.Equal(
        reserved,
        TemplateTree.Deployed(("ReserveConcurrency", parameter)).Functions
            .Where(f => f.ReservedConcurrency is not null).Select(f => $"{f.LogicalId} {f.ReservedConcurrency}"));

    // `sam build` builds once where code, runtime, architecture and metadata are equal.
    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Build_OfAFunction_IsTheOneOfAll(string id)
    {
        var own = TemplateTree.ById[id]!;

        Assert.Null(own["Metadata"]);
        Assert.All(["CodeUri", "Runtime", "Architectures", "Handler"], property => Assert.Null(own["Properties"]![property]));
        Assert.True(File.Exists(Path.Combine(Repository.PathOf((string)TemplateTree.Functions[id]["CodeUri"]!), "Automation.csproj")));
    }

    // The published Annotations generator rewrites this file on every compilation and drops its comments.
    [Fact]
    public void AnnotationsGenerator_IsPointedAtAScratchFile()
    {
        var settings = JsonNode.Parse(Repository.Read("src/Automation/aws-lambda-tools-defaults.json"))!;

        Assert.StartsWith("obj/", (string?)settings["template"], StringComparison.Ordinal);
        Assert.False(File.Exists(Repository.PathOf("src/Automation/serverless.template")));
    }

    [Theory]
    [MemberData(nameof(IdsThatLogIn))]
    public void VpcConfig_OfAFunctionThatLogsInToDatabases_FollowsTheParameters(string id)
    {
        var choice = TemplateTree.Functions[id]["VpcConfig"]!["Fn::If"]!.AsArray();

        Assert.Equal("InVpc", (string?)choice[0]);
        Assert.Equal("VpcSubnetIds", TemplateTree.Ref(choice[1]!["SubnetIds"]));
        Assert.Equal("VpcSecurityGroupIds", TemplateTree.Ref(choice[1]!["SecurityGroupIds"]));
        Assert.Equal("AWS::NoValue", TemplateTree.Ref(choice[2]));
    }

    // From subnets without a NAT gateway there is no way to the RDS of another Region.
    [Theory]
    [MemberData(nameof(IdsThatSpeakWithAwsAlone))]
    public void VpcConfig_OfAFunctionThatSpeaksWithAwsAlone_IsNone(string id)
    {
        Assert.Equal("AWS::NoValue", TemplateTree.Ref(TemplateTree.Functions[id]["VpcConfig"]));
        Assert.DoesNotContain("VpcPolicy", RoleOf(id)["ManagedPolicyArns"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Role_OfAFunction_IsItsOwn(string id)
    {
        var role = TemplateTree.ArnOf(TemplateTree.Functions[id]["Role"]);

        Assert.Equal("AWS::IAM::Role", (string?)TemplateTree.ById[role]!["Type"]);
        Assert.Single(TemplateTree.Functions.Values, f => TemplateTree.ArnOf(f["Role"]) == role);
    }

    private static bool LogsIn(string id) => RoleOf(id)["Policies"]!.ToJsonString().Contains("rds-db:connect", StringComparison.Ordinal);

    private static JsonNode RoleOf(string id) => TemplateTree.ById[TemplateTree.ArnOf(TemplateTree.Functions[id]["Role"])]!["Properties"]!;
}
