using Automation.Lab.Setup;

namespace Automation.Tests.Lab.Soak;

/// <summary>A bug that cannot be planted any more proves nothing about the soak: each patch is for the application as it is.</summary>
public sealed class PlantedPatchTests
{
    public static TheoryData<string> Patches =>
        [.. Directory.EnumerateFiles(Repository.PathOf("test/planted"), "*.patch").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Patches_AsTheIssueAsks_AreFive() => Assert.Equal(5, Patches.Count);

    [Theory]
    [MemberData(nameof(Patches))]
    public void Patch_EachHunk_FindsItsLines(string name)
    {
        var (hunks, file) = (0, "");
        var expected = new List<string>();
        foreach (var line in File.ReadLines(Repository.PathOf($"test/planted/{name}")).Skip(1).Append("@@"))
        {
            if (line is ['@', '@', ..] or ['-', '-', '-', ' ', ..])
            {
                Assert.Contains(string.Concat(expected), file, StringComparison.Ordinal);
                hunks += expected.Count > 0 ? 1 : 0;
                expected = [];
            }
            if (line is ['-', '-', '-', ' ', 'a', '/', .. var path]) file = File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n");
            else if (line is [' ' or '-', .. var text]) expected.Add(text + '\n');
            else if (line is "") expected.Add("\n");
        }
        Assert.NotEqual(0, hunks);
    }
}
