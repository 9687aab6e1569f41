using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;
using Automation.Tests.Template;

namespace Automation.Tests.Docs;

/// <summary>Whoever gets a message finds it in docs/runbooks.md: by its subject, or by the alarm and what it says.</summary>
public sealed partial class RunbookTests
{
    private static readonly string Page = Repository.Read("docs/runbooks.md");

    /// <summary>Subjects of the headings, without the name that they begin with: <c>connections not relieved: REASON</c>.</summary>
    private static readonly List<string> Subjects = [.. Heading().Matches(Page).SelectMany(heading => Quoted().Matches(heading.Value))
        .Select(quoted => Regex.Replace(quoted.Groups[1].Value, @"\A(?:alarm )?NAME: ", ""))];

    public static TheoryData<string> Alarms => [.. TemplateTree.OfType("AWS::CloudWatch::Alarm").Keys];

    /// <summary>How the subjects begin that the code writes, the name of the database and all that varies left out.</summary>
    public static TheoryData<string> Headlines => [.. Directory.EnumerateFiles(Repository.PathOf("src/Automation"), "*Conclusions.cs", SearchOption.AllDirectories)
        .SelectMany(file => Headline().Matches(File.ReadAllText(file))).Select(match => match.Groups["words"].Value.TrimEnd())
        .Where(words => words.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Headlines))]
    public void Subject_ThatTheCodeWrites_HasASection(string words) =>
        Assert.Contains(Subjects, subject => subject.StartsWith(words, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Alarms))]
    public void Alarm_OfTheTemplate_IsThereWithWhatItSays(string id)
    {
        var description = TemplateTree.OfType("AWS::CloudWatch::Alarm")[id]["AlarmDescription"]!;
        var says = Regex.Replace((description is JsonObject sub ? (string?)sub["Fn::Sub"] : (string?)description)!, @"\$\{[A-Za-z]+\}", "NAME");

        Assert.Contains($"`{id}`", Page, StringComparison.Ordinal);
        Assert.Contains(says, Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connections")]
    [InlineData("secrets")]
    [InlineData("snapshots")]
    [InlineData("failover")]
    [InlineData("storage")]
    public void Section_OfEveryCapability_SaysWhatItMeansAndWhatToDo(string capability)
    {
        var heading = capability switch { "secrets" => "Rotation", "failover" => "Failover tests", _ => char.ToUpperInvariant(capability[0]) + capability[1..] };
        var chapter = Page.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));

        Assert.All(chapter.Split("\n### ").Skip(1), section =>
        {
            Assert.Contains("**Means**", section, StringComparison.Ordinal);
            Assert.Contains("**Do**", section, StringComparison.Ordinal);
        });
    }

    // Whoever pastes a command has set DB and STACK at the top, and means that database.
    [Fact]
    public void Commands_NameNoDatabaseOfTheirOwn() => Assert.Equal(
        ["Set off by: alarm orders-free-storage", "STACK=rds-automation; DB=orders"],
        Page.Split('\n').Where(line => line.Contains("orders", StringComparison.Ordinal)).Select(line => ExampleName().Match(line).Value));

    // Pages are pasted into one shell: a name that means two things breaks the page that came first.
    [Fact]
    public void ShellFunctions_OfAllPages_HaveOneMeaningEach()
    {
        var defined = new[] { "README.md", "docs/runbooks.md", "docs/deploy.md", "examples/README.md" }
            .SelectMany(page => ShellFunction().Matches(Repository.Read(page))).GroupBy(match => match.Groups["name"].Value).ToList();

        Assert.Contains(defined, function => function.Key == "output");
        Assert.All(defined, function => Assert.Single(function.Select(match => match.Value.Trim()).Distinct(StringComparer.Ordinal)));
    }

    [GeneratedRegex(@"\A(?:STACK=rds-automation; DB=orders|Set off by: alarm orders-free-storage)")]
    private static partial Regex ExampleName();

    [GeneratedRegex(@"^ *(?<name>[a-z_]+)\(\) \{.*$", RegexOptions.Multiline)]
    private static partial Regex ShellFunction();

    [GeneratedRegex("^### .*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    // $"{database.Id}: words {what varies}", and the few that are about no database.
    [GeneratedRegex("""\$"(?:alarm )?(?:\{(?:[A-Za-z.]+\.(?:Id|Database)|Text\.Name\(alarm\.AlarmName\))\}: |(?=storage (?:not|grown|would) |snapshots: |failover not ))(?<words>[a-z][a-z ]*)(?=[{:("])""")]
    private static partial Regex Headline();
}
