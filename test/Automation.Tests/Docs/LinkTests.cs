using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Tests.Docs;

/// <summary>A link to a file or heading of the repository leads somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("examples"), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;

        Assert.All(Link().Matches(WithoutCode(Repository.Read(page))).Select(link => link.Groups["to"].Value).Where(to => !to.Contains("://", StringComparison.Ordinal)), to =>
        {
            var (path, heading) = to.Split('#') is [var file, var anchor] ? (file, anchor) : (to, null);
            var target = path.Length == 0 ? Repository.PathOf(page) : Path.GetFullPath(Path.Combine(folder, path));

            Assert.StartsWith(Repository.Root, target, StringComparison.Ordinal);
            Assert.True(Path.Exists(target), $"{to}: there is no {target}");
            if (heading is not null) Assert.Contains(heading, AnchorsOf(target));
        });
    }

    // The test itself: this page has links of each kind.
    [Fact]
    public void Readme_HasLinksToFilesAndPages()
    {
        var links = Link().Matches(WithoutCode(Repository.Read("README.md"))).Select(link => link.Groups["to"].Value).ToList();

        Assert.Contains("docs/deploy.md", links);
        Assert.Contains("src/Automation/Connections/ConnectionRules.cs", links);
        Assert.Contains("connections", AnchorsOf(Repository.PathOf("docs/runbooks.md")));
    }

    /// <summary>As GitHub makes them: small letters, no punctuation, hyphens for spaces.</summary>
    private static IEnumerable<string> AnchorsOf(string file) => Heading().Matches(WithoutCode(File.ReadAllText(file)))
        .Select(heading => NotInAnchors().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutCode(string page) => Fence().Replace(page, "");

    [GeneratedRegex(@"\[[^\]]+\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
