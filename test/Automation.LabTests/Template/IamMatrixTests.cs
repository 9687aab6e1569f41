using Automation.Lab.Setup;

namespace Automation.LabTests.Template;

/// <summary>docs/iam.md is every permission of the template, and the template has every permission of docs/iam.md.</summary>
public sealed class IamMatrixTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Page = "docs/iam.md";

    [Fact]
    public void Roles_MayDo_ExactlyWhatTheTableSays() =>
        Assert.Equal(TableUnder("## What the roles may do"), IamMatrix.Identities(sam));

    [Fact]
    public void Resources_MayBeUsed_ExactlyAsTheTableSays() =>
        Assert.Equal(TableUnder("## Who may use what is ours"), IamMatrix.ResourcePolicies(sam));

    // Markdown: heading, text, the two head lines of the table, the rows, an empty line.
    private static IEnumerable<string> TableUnder(string heading) => Repository.Read(Page).Split('\n')
        .SkipWhile(line => line != heading)
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(row => row.Replace("`", "", StringComparison.Ordinal));
}
