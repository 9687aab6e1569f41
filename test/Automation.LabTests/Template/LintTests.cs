using Automation.Lab.Setup;

namespace Automation.LabTests.Template;

/// <summary>cfn-lint, all rules on, informational and experimental ones too.</summary>
public sealed class LintTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Lint = "import sys; from cfnlint.runner import main; sys.exit(main())";

    [Fact]
    public async Task Template_Linted_HasNoFinding() => Assert.Equal("", await LintAsync("template.yaml"));

    // A lint that finds nothing must be one that can find something.
    [Fact]
    public async Task BrokenTemplate_Linted_HasAFinding()
    {
        var broken = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        var yaml = await File.ReadAllTextAsync(Repository.PathOf("template.yaml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(broken, yaml.Replace("Timeout: 60", "Timeout: 6000", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        try
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => LintAsync(broken));
            Assert.Contains("6000 is greater than the maximum of 900", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [Fact]
    public void Template_Translated_MakesTheseResources() => Assert.Equal(
        [
            "AWS::CloudWatch::Alarm 4", "AWS::DynamoDB::Table 1", "AWS::Events::Rule 1", "AWS::IAM::ManagedPolicy 2", "AWS::IAM::Role 1",
            "AWS::KMS::Key 1", "AWS::Lambda::EventInvokeConfig 1", "AWS::Lambda::Function 1", "AWS::Lambda::Permission 2",
            "AWS::Logs::LogGroup 1", "AWS::SNS::Subscription 1", "AWS::SNS::Topic 1", "AWS::SNS::TopicPolicy 1", "AWS::SQS::Queue 2",
            "AWS::SQS::QueuePolicy 2",
        ],
        sam.ById.GroupBy(r => (string)r.Value!["Type"]!).Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal));

    private Task<string> LintAsync(string path) => sam.RunAsync("-c", Lint, "--include-checks", "I", "--include-experimental", "--template", path);
}
