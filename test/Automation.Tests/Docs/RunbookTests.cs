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

    [GeneratedRegex("^### .*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    // $"{database.Id}: words {what varies}", and the few that are about no database.
    [GeneratedRegex("""\$"(?:alarm )?(?:\{(?:[A-Za-z.]+\.(?:Id|Database)|Text\.Name\(alarm\.AlarmName\))\}: |(?=storage (?:not|grown|would) |snapshots: |failover not ))(?<words>[a-z][a-z ]*)(?=[{:("])""")]
    private static partial Regex Headline();
}
