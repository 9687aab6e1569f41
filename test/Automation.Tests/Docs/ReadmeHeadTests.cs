using System.Text.RegularExpressions;
using Automation.Lab.Setup;
using Automation.Tests.Template;

namespace Automation.Tests.Docs;

/// <summary>The first pages of the README: every function is in its table, every event file in the other, and the picture fits.</summary>
public sealed partial class ReadmeHeadTests
{
    private static readonly string Head = Repository.Read("README.md") is var readme
        ? readme[..readme.IndexOf("## Connection exhaustion", StringComparison.Ordinal)] : "";

    [Fact]
    public void Functions_HaveARowEachInTheFirstTable()
    {
        var table = Head[Head.IndexOf("| Function | Set off by |", StringComparison.Ordinal)..Head.IndexOf("## Try it", StringComparison.Ordinal)];

        Assert.All(FunctionName.Known, name => Assert.Single(table.Split('\n'), row => row.StartsWith($"| `{name}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void EventFiles_AreEachInOneRowOfTheirTable()
    {
        var table = Head[Head.IndexOf("| File | Function |", StringComparison.Ordinal)..];
        var patterns = table.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).SelectMany(row => Quoted().Matches(row.Split('|')[1]))
            .Select(quoted => new Regex($@"\A{Regex.Escape(quoted.Groups[1].Value).Replace(@"\*", ".*", StringComparison.Ordinal)}\z")).ToList();

        Assert.All(EventFiles.Names, name => Assert.Single(patterns, pattern => pattern.IsMatch(name)));
    }

    // Reads in a terminal as on GitHub.
    [Fact]
    public void Picture_FitsIntoATerminal()
    {
        var picture = Picture().Match(Head).Groups[1].Value.TrimEnd().Split('\n');

        Assert.InRange(picture.Length, 10, 25);
        Assert.All(picture, line => Assert.InRange(line.Length, 0, 100));
    }

    [GeneratedRegex("`([a-z*-]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^```text\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Picture();
}
