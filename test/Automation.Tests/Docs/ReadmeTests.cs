using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Automation.Failover;
using Automation.Lab.Setup;
using Automation.Outcomes;
using Automation.Snapshots;
using Automation.Storage;
using Automation.Storage.Forecast;
using Automation.Telemetry;

namespace Automation.Tests.Docs;

/// <summary>What users rely on is in the README, and nothing there is made up.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] NotReasons =
    [
        "terminate-session", "rds-automation", "aurora-postgresql", // an action, our application_name, an engine
    ];

    [Fact]
    public void Reasons_OfConnections_AreThoseTheReadmeLists()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("src/Automation/Connections"), "*.cs")
            .Append(Repository.PathOf("src/Automation/Events/AlarmTargetRules.cs"))
            .Select(File.ReadAllText);
        // Reasons are the kebab-case literals of these files; the states RDS knows are data, not reasons.
        var inCode = sources.SelectMany(source => Literal().Matches(source).Select(match => match.Groups[1].Value))
            .Except(NotReasons).Except(RdsStates()).Except(TagWords()).ToHashSet();
        inCode.UnionWith(["off", "stopped", "unreachable", "restarting"]); // one word each

        var readme = Repository.Read("README.md");
        var table = readme[readme.IndexOf("| Decision | Reasons |", StringComparison.Ordinal)..readme.IndexOf("## Password rotation", StringComparison.Ordinal)];
        var listed = table.Split('\n').Where(row => row.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(row => Code().Matches(row.Split('|')[2]).Select(match => match.Groups[1].Value)).ToHashSet();

        Assert.Equal(inCode.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_OfSecrets_AreThoseTheReadmeLists()
    {
        var inCode = typeof(Automation.Secrets.Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        var section = Section(Repository.Read("README.md"), "| Step | Ends well with |", "`rolled-back` and");
        var listed = section.Split('\n').Where(row => row.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(row => Code().Matches(row.Split('|')[2]).Select(match => match.Groups[1].Value));

        Assert.Equal(inCode.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_OfSnapshots_HaveARowEachInTheReadme()
    {
        var inCode = typeof(Automation.Snapshots.Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        var section = Section(Repository.Read("README.md"), "### Reasons of snapshots", "## Failover tests");
        var listed = section.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .Select(row => Code().Match(row.Split('|')[1]).Groups[1].Value);

        Assert.Equal(inCode.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_OfFailover_HaveARowEachInTheReadme()
    {
        var inCode = typeof(Automation.Failover.Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        var section = Section(Repository.Read("README.md"), "### Reasons of failover tests", "## Storage");
        var listed = section.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .Select(row => Code().Match(row.Split('|')[1]).Groups[1].Value);

        Assert.Equal(inCode.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Details_OfFailover_AreThoseTheReadmeNames()
    {
        var section = Section(Repository.Read("README.md"), "`details` of a test:", "What it does not do:");

        Assert.All(
            new[] { typeof(FailoverDetails), typeof(PathDetails), typeof(WriteDetails), typeof(ErrorDetails), typeof(TimelineDetails), typeof(ChecksDetails) }
                .SelectMany(type => type.GetProperties()).Select(member => member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>(),
            name => Assert.Matches($@"[`{{ ]{name}[`,}}]", section));
    }

    [Fact]
    public void Tags_OfFailover_AreReadAsTheReadmeShowsThem()
    {
        var table = Section(Repository.Read("README.md"), "| Tag of the instance or cluster |", "The tag is not enough");

        Assert.All(TagCell().Matches(table), shown =>
        {
            FailoverPolicy.Read(shown.Groups[1].Value, out var fault);
            Assert.Null(fault);
        });
        Assert.Equal(3, TagCell().Count(table));
        Assert.Equal(TimeSpan.FromSeconds(60), FailoverPolicy.Read("allow", out _).Budget);
    }

    [Fact]
    public void Reasons_OfStorage_HaveARowEachInTheReadme()
    {
        var inCode = typeof(Automation.Storage.Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        var section = Section(Repository.Read("README.md"), "### Reasons of storage", "## Preparing a database");
        var rows = section.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(inCode.Order(StringComparer.Ordinal), rows.Select(row => Code().Match(row[1]).Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.True(row is [_, _, { Length: > 5 }, { Length: > 5 }, _], $"{row[1]} says neither more nor less than a meaning and what to do"));
    }

    [Fact]
    public void Reasons_OfPreparation_HaveARowEachInTheReadme()
    {
        var inCode = typeof(Automation.Preparation.Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        var section = Section(Repository.Read("README.md"), "### Reasons of preparation", "## Reference");
        var rows = section.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(inCode.Order(StringComparer.Ordinal), rows.Select(row => Code().Match(row[1]).Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.True(row is [_, _, { Length: > 5 }, { Length: > 5 }, _], $"{row[1]} says neither more nor less than a meaning and what to do"));
    }

    [Fact]
    public void Details_OfPreparation_AreThoseTheReadmeNames()
    {
        var section = Section(Repository.Read("README.md"), "`details` of preparation:", "### Reasons of preparation");
        var names = new[] { typeof(Automation.Preparation.PreparationDetails), typeof(Automation.Preparation.CheckDetails) }
            .SelectMany(type => type.GetProperties()).Select(member => member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>().ToList();

        Assert.Contains("whatToDo", names); // the attributes are found
        Assert.All(names, name => Assert.Matches($@"[`{{\s]{name}[`,}}]", section));
    }

    // Every name of the JSON, with those of the parts of it: a list of names that leaves one out is no list.
    [Fact]
    public void Details_OfStorage_AreThoseTheReadmeNames()
    {
        var section = Section(Repository.Read("README.md"), "`details` of storage:", "What it does not do:");
        var names = new[] { typeof(StorageDetails), typeof(DaysDetails), typeof(BytesDetails), typeof(SlotDetails), typeof(RelationDetails) }
            .SelectMany(type => type.GetProperties()).Select(member => member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>().ToList();

        Assert.Contains("walStatus", names); // the attributes are found
        Assert.Contains($" {DaysToFull.Furthest:0} for three years", section, StringComparison.Ordinal);
        Assert.All(names, name => Assert.Matches($@"[`{{\s]{name}[`,}}]", section));
    }

    [Fact]
    public void Causes_OfStorage_AreThoseTheReadmeNames()
    {
        var inCode = Literal().Matches(Repository.Read("src/Automation/Storage/Bytes/Cause.cs")).Select(match => match.Groups[1].Value).Concat(["data", "logs", "unknown"]);
        var listed = Section(Repository.Read("README.md"), "`cause` (", "`null` when nobody");

        Assert.Equal(inCode.Order(StringComparer.Ordinal), Code().Matches(listed).Select(match => match.Groups[1].Value).Where(code => code != "cause").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tags_OfStorage_AreReadAsTheReadmeShowsThem()
    {
        var chapter = Section(Repository.Read("README.md"), "## Storage", "### Reasons of storage");
        var table = Section(chapter, "| Tag of the instance or cluster |", "`act` without `max`");

        Assert.Equal(
            [
                new StoragePolicy { Mode = Mode.Act, MaxGiB = 500 },
                new StoragePolicy { Mode = Mode.Act, MaxGiB = 500, Horizon = TimeSpan.FromDays(14), React = TimeSpan.FromHours(4), MayCopy = true },
                new StoragePolicy { Mode = Mode.Observe },
                new StoragePolicy { Mode = Mode.Off },
            ],
            TagCell().Matches(table).Select(shown => Policy(shown.Groups[1].Value)));
    }

    // The reference table shows the defaults of the optional parts.
    [Fact]
    public void Defaults_OfTheStorageTag_AreThoseTheReadmeShows()
    {
        var row = Repository.Read("README.md").Split('\n').Single(line => line.StartsWith("| `automation:storage` |", StringComparison.Ordinal));
        var parts = Part().Matches(row).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(["max=500", "horizon=7d react=4h past-400=no"], parts);
        Assert.Equal(Policy("act max=500"), Policy($"act {string.Join(' ', parts)}"));
    }

    private static StoragePolicy Policy(string tag)
    {
        var policy = StoragePolicy.Read(tag, out var fault);
        Assert.Null(fault);
        return policy;
    }

    [Fact]
    public void Metrics_OfADatabase_AreThoseTheReadmeNames()
    {
        var inCode = typeof(MetricValue).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => !method.IsSpecialName).Select(method => method.Name);
        var section = Section(Repository.Read("README.md"), ": `ConnectionsUsedRatio`", "dimension `Capability`");

        Assert.Equal(inCode.Order(StringComparer.Ordinal), Metric().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    // The values the table of the tag shows are those a database gets with an empty tag.
    [Fact]
    public void Defaults_OfTheSnapshotTag_AreThoseTheReadmeShows()
    {
        var table = Section(Repository.Read("README.md"), "| Part | Meaning |", "Each Region of copies");
        var shown = string.Join(' ', table.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(row => Part().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value)).Where(part => !part.StartsWith("copy=", StringComparison.Ordinal)));

        var asShown = SnapshotsPolicy.Read(shown, out var fault);
        var asDefault = SnapshotsPolicy.Read("", out _);

        Assert.Null(fault);
        Assert.Equal(7, shown.Split(' ').Length);
        Assert.Equal((asDefault.Every, asDefault.Retention), (asShown.Every, asShown.Retention));
        Assert.Equal(new RetentionPolicy(), asDefault.Retention);
        Assert.Empty(asDefault.Regions);
    }

    private static IEnumerable<string> RdsStates() => Literal()
        .Matches(Section(Repository.Read("src/Automation/Connections/DatabaseGate.cs"), "Reachable =", "];")).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> TagWords() => Literal()
        .Matches(Repository.Read("src/Automation/Connections/ConnectionsPolicy.cs")).Select(match => match.Groups[1].Value);

    private static string Section(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    [GeneratedRegex("\"([a-z]+(?:-[a-z]+)+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("`([a-z]+=[^`]+)`")]
    private static partial Regex Part();

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TagCell();

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Metric();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();
}
