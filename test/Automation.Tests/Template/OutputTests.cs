using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>What the pages tell people to read from the stack is there, and what is there is told of.</summary>
public sealed partial class OutputTests
{
    private static readonly string Pages = Repository.Read("README.md") + Repository.Read("docs/deploy.md");

    public static TheoryData<string> Names => [.. TemplateTree.Root["Outputs"]!.AsObject().Select(o => o.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_IsExplainedAndToldOf(string name)
    {
        Assert.True(((string?)TemplateTree.Root["Outputs"]![name]!["Description"])?.Length > 20);
        Assert.Contains(name, Pages, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_AskForOutputsThatThereAre()
    {
        var asked = Asked().Matches(Pages).Select(m => m.Groups["name"].Value).Distinct().ToList();

        Assert.True(asked.Count > 3);
        Assert.All(asked, name => Assert.Contains(name, Names.Select(row => row.Data)));
    }

    // As commands ask for them, or as the text names them.
    [GeneratedRegex(@"OutputKey=='(?<name>\w+)'|`(?<name>\w+(FunctionArn|QueueUrl|BucketName|TopicArn|TableName|UserArn))`|`(?<name>DashboardName)`")]
    private static partial Regex Asked();
}
