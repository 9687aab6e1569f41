using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.Tests.Docs;

/// <summary>The files under <c>.github</c>: GitHub alone runs them, so what can be wrong of them on this side is looked at here.</summary>
public sealed partial class WorkflowTests
{
    private static readonly JsonObject Workflow = YamlTree.Read(Repository.Read(".github/workflows/ci.yml"));
    private static readonly JsonObject Dependabot = YamlTree.Read(Repository.Read(".github/dependabot.yml"));

    public static TheoryData<string> Jobs => [.. Workflow["jobs"]!.AsObject().Select(job => job.Key)];

    [Fact]
    public void Jobs_OfTheWorkflow_AreBothLegsAndTheNativeBuild() => Assert.Equal(["compat", "nuget", "native-aot"], Workflow["jobs"]!.AsObject().Select(job => job.Key));

    [Fact]
    public void Workflow_AsAWhole_MayReadTheRepositoryAndNothingElse()
    {
        Assert.Equal("""{"contents":"read"}""", Workflow["permissions"]!.ToJsonString());
        Assert.Equal(["push", "pull_request"], Workflow["on"]!.AsObject().Select(trigger => trigger.Key));
        Assert.DoesNotContain("secrets.", Repository.Read(".github/workflows/ci.yml"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Jobs))]
    public void Job_Any_HasATimeoutNoRightsOfItsOwnAndKeepsNoToken(string name)
    {
        var job = Workflow["jobs"]![name]!.AsObject();

        Assert.InRange((int)job["timeout-minutes"]!, 1, 20);
        Assert.Null(job["permissions"]);
        Assert.False((bool)Steps(name).Single(step => Uses(step).StartsWith("actions/checkout@", StringComparison.Ordinal))["with"]!["persist-credentials"]!);
    }

    [Theory, MemberData(nameof(Jobs))]
    public void Job_Any_UsesActionsOfGitHubAndAwsByVersion(string name) =>
        Assert.All(Steps(name).Select(Uses).Where(action => action.Length > 0), action => Assert.Matches(VersionedAction(), action));

    [Theory, MemberData(nameof(Jobs))]
    public void Job_Any_NamesFilesThatExist(string name)
    {
        var commands = string.Join('\n', Steps(name).Select(step => (string?)step["run"] ?? (string?)step["with"]?["global-json-file"] ?? ""));
        // What a build makes is not there yet.
        var named = RepositoryPath().Matches(commands).Select(match => match.Value);

        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    [Fact]
    public void Compat_OfTheWorkflow_RunsEverything() => Assert.Contains(Steps("compat"), step => (string?)step["run"] == ".ci/run");

    [Theory]
    [InlineData("dotnet test test/Automation.Tests -p:AwsPackages=nuget")]
    [InlineData("dotnet build test/Automation.LabTests -p:AwsPackages=nuget")]
    [InlineData("sam validate --lint")]
    [InlineData("sam build")]
    public void Nuget_OfTheWorkflow_Runs(string command) => Assert.Contains(Steps("nuget"), step => (string?)step["run"] == command);

    [Fact]
    public void Nuget_OfTheWorkflow_LooksAtThePackageOfAFunctionThatExists()
    {
        var script = Steps("nuget").Select(step => (string?)step["run"] ?? "").Single(run => run.Contains(".aws-sam/build/", StringComparison.Ordinal));
        var template = YamlTree.Read(Repository.Read("template.yaml"));

        Assert.Equal("AWS::Serverless::Function", (string?)template["Resources"]![BuiltFunction().Match(script).Groups[1].Value]?["Type"]);
        var version = XmlVersion("Amazon.Lambda.RuntimeSupport");
        Assert.Contains($"\"Amazon.Lambda.RuntimeSupport/{version}\"", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Dependabot_RaisesPackagesAndActions_TheSdkAsOne()
    {
        var updates = Dependabot["updates"]!.AsArray().ToDictionary(update => (string)update!["package-ecosystem"]!, update => update!);

        Assert.Equal(["github-actions", "nuget"], updates.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("""["AWSSDK.*"]""", updates["nuget"]["groups"]!["aws-sdk"]!["patterns"]!.ToJsonString());
        Assert.All(updates.Values, update => Assert.Equal("/", (string?)update["directory"]));
    }

    [Fact]
    public void Dependabot_LeavesAlone_OnlyPackagesThatAreUsed() =>
        Assert.All(Dependabot["updates"]!.AsArray().SelectMany(update => update!["ignore"]?.AsArray() ?? []),
            ignored => Assert.NotEmpty(XmlVersion((string)ignored!["dependency-name"]!)));

    private static IEnumerable<JsonNode> Steps(string job) => Workflow["jobs"]![job]!["steps"]!.AsArray().Select(step => step!);

    private static string Uses(JsonNode step) => (string?)step["uses"] ?? "";

    private static string XmlVersion(string package) =>
        Regex.Match(Repository.Read("Directory.Packages.props"), $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;

    [GeneratedRegex(@"^(actions|aws-actions)/[a-z-]+@(v[0-9]+(\.[0-9]+){0,2}|[0-9a-f]{40})$")]
    private static partial Regex VersionedAction();

    [GeneratedRegex(@"(?<![\w./-])(?:(?:\.ci|src|test|build|docs|sql|events)/[\w./-]+|global\.json)")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\.aws-sam/build/(\w+)")]
    private static partial Regex BuiltFunction();
}
