using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.LabTests.Template;

/// <summary>cfn-lint, all rules on, informational and experimental ones too.</summary>
public sealed partial class LintTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Lint = "import sys; from cfnlint.runner import main; sys.exit(main())";

    [Theory]
    [InlineData("template.yaml")]
    [InlineData("examples/staging-database.yaml")]
    public async Task Template_Linted_HasNoFinding(string path) => Assert.Equal("", await LintAsync(path));

    // A lint that finds nothing must be one that can find something, also in the policy that is text.
    [Fact]
    public async Task BrokenTemplate_Linted_HasItsFindings()
    {
        var broken = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        var yaml = await File.ReadAllTextAsync(Repository.PathOf("template.yaml"), TestContext.Current.CancellationToken);
        var twice = Effect().Replace(yaml, "\"Effect\": \"Permit\"", 1).Replace("Timeout: 60", "Timeout: 6000", StringComparison.Ordinal);
        await File.WriteAllTextAsync(broken, twice, TestContext.Current.CancellationToken);
        try
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => LintAsync(broken));
            Assert.Contains("6000 is greater than the maximum of 900", failure.Message, StringComparison.Ordinal);
            Assert.Contains("'Permit' is not one of ['Allow', 'Deny']", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [GeneratedRegex("\"Effect\": \"Allow\"")]
    private static partial Regex Effect();

    [Fact]
    public void Template_Translated_MakesTheseResources() => Assert.Equal(
        [
            "AWS::CloudWatch::Alarm 22", "AWS::CloudWatch::Dashboard 1", "AWS::DynamoDB::Table 1", "AWS::EC2::SecurityGroup 1",
            "AWS::EC2::VPCEndpoint 6", "AWS::Events::Rule 10", "AWS::IAM::ManagedPolicy 11", "AWS::IAM::Role 8", "AWS::KMS::Key 1",
            "AWS::Lambda::EventInvokeConfig 8", "AWS::Lambda::Function 8", "AWS::Lambda::Permission 12", "AWS::Logs::LogGroup 8",
            "AWS::S3::Bucket 1", "AWS::S3::BucketPolicy 1", "AWS::SNS::Subscription 1", "AWS::SNS::Topic 1", "AWS::SNS::TopicPolicy 1",
            "AWS::SQS::Queue 2", "AWS::SQS::QueuePolicy 2",
        ],
        sam.ById.GroupBy(r => (string)r.Value!["Type"]!).Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal));

    // The example needs no transform, so the translator has nothing to do in it: `sam deploy` takes it as it is.
    [Fact]
    public async Task Example_Translated_HasTheSameResources()
    {
        var output = await sam.RunAsync("test/Automation.LabTests/Template/transform.py", "examples/staging-database.yaml");
        var translated = JsonNode.Parse(output.Split('\n').Single(line => line.StartsWith('{')))!;

        Assert.Equal(
            Plain(YamlTree.Read(Repository.Read("examples/staging-database.yaml"))["Resources"]!),
            Plain(translated["Resources"]!));
    }

    // Readers differ in how they write a number.
    private static string Plain(JsonNode node) => node switch
    {
        JsonObject map => $"{{{string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Plain(p.Value!)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(item => Plain(item!)))}]",
        _ => node.ToString(),
    };

    private Task<string> LintAsync(string path) => sam.RunAsync("-c", Lint, "--include-checks", "I", "--include-experimental", "--template", path);
}
