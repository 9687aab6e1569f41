using Automation.Lab.CommandLine;
using Automation.Lab.Incidents;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab;

public sealed class LabArgumentsTests
{
    [Fact]
    public void Parse_Nothing_IsTheWholeStory()
    {
        var story = Assert.IsType<LabArguments.Story>(LabArguments.Parse([]));

        Assert.Equal(Incident.All, story.Incidents);
        Assert.False(story.IsPart || story.Observe || story.Keep);
        Assert.Null(story.Report);
        Assert.Equal(1, story.Seed);
    }

    [Theory]
    [InlineData("connections", "--only", "connections")]
    [InlineData("connections", "--only=connections")]
    [InlineData("rotation storage", "--only", "storage,rotation")]
    [InlineData("rotation storage", "--only", "storage, rotation")]
    [InlineData("snapshots connections", "--only", "connections", "--only", "snapshots")]
    [InlineData("failover", "--only", "failover,failover")]
    public void Parse_Only_IsTheseInTheOrderOfTheDay(string expected, params string[] arguments)
    {
        var story = Assert.IsType<LabArguments.Story>(LabArguments.Parse(arguments));

        Assert.Equal(expected.Split(' '), story.Incidents);
        Assert.True(story.IsPart);
    }

    [Fact]
    public void Parse_EveryOption_IsKept()
    {
        var story = Assert.IsType<LabArguments.Story>(
            LabArguments.Parse(["--observe", "--keep", "--report", "day.html", "--seed", "7", "--only", "storage"]));

        Assert.True(story.Observe);
        Assert.True(story.Keep);
        Assert.Equal("day.html", story.Report);
        Assert.Equal(7, story.Seed);
        Assert.True(story.Tells("storage"));
        Assert.False(story.Tells("rotation"));
    }

    [Theory]
    [InlineData(1, 60, "soak")]
    [InlineData(9, 60, "soak", "--seed", "9")]
    [InlineData(0, 30, "soak", "--seconds=30", "--seed=0")]
    public void Parse_Soak_HasSeedAndDuration(int seed, int seconds, params string[] arguments) =>
        Assert.Equal(new LabArguments.Soak(new SoakOptions { Seed = seed, Length = TimeSpan.FromSeconds(seconds) }), LabArguments.Parse(arguments));

    [Fact]
    public void Parse_SoakOfOtherFunctions_KeepsTheirLog() => Assert.Equal(
        new LabArguments.Soak(new SoakOptions { Seed = 1, Executable = "/opt/a", Log = "/tmp/b" }), LabArguments.Parse(["soak", "--log", "/tmp/b", "--executable", "/opt/a"]));

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("soak", "--help")]
    [InlineData("--nonsense", "--help")]
    public void Parse_HelpAnywhere_IsHelp(params string[] arguments) => Assert.IsType<LabArguments.Help>(LabArguments.Parse(arguments));

    [Theory]
    [InlineData("--only knows no 'weather', but snapshots, rotation, failover, connections, storage", "--only", "weather")]
    [InlineData("--only knows no '', but snapshots, rotation, failover, connections, storage", "--only", "storage,")]
    [InlineData("--only knows no 'Storage', but snapshots, rotation, failover, connections, storage", "--only", "Storage")]
    [InlineData("--only needs a value", "--only")]
    [InlineData("--only needs a value", "--only=")]
    [InlineData("--only needs a value", "--only", "--keep")]
    [InlineData("--report needs a value", "--report")]
    [InlineData("--seed takes a whole number from 0 to 2147483647, not 'x'", "--seed", "x")]
    [InlineData("--seed takes a whole number from 0 to 2147483647, not '2147483648'", "--seed", "2147483648")]
    [InlineData("--seed needs a value", "--seed", "-1")]
    [InlineData("--seconds takes a whole number from 30 to 3600, not '29'", "soak", "--seconds", "29")]
    [InlineData("--seconds takes a whole number from 30 to 3600, not '3601'", "soak", "--seconds", "3601")]
    [InlineData("--seconds needs a value", "soak", "--seconds")]
    [InlineData("unknown argument '--observe=yes'; --help lists what there is", "--observe=yes")]
    [InlineData("unknown argument '--onyl'; --help lists what there is", "--onyl", "storage")]
    [InlineData("unknown argument 'storage'; --help lists what there is", "storage")]
    [InlineData("unknown argument '--keep'; --help lists what there is", "soak", "--keep")]
    [InlineData("unknown argument '--seconds'; --help lists what there is", "--seconds", "5")]
    [InlineData("unknown argument ''; --help lists what there is", "")]
    public void Parse_SomethingWrong_NamesItAndWhatWasExpected(string expected, params string[] arguments) =>
        Assert.Equal(expected, Assert.IsType<LabArguments.Problem>(LabArguments.Parse(arguments)).Text);

    [Fact]
    public void Help_EveryIncident_IsNamed() => Assert.All(Incident.All, name => Assert.Contains(name, LabHelp.Text, StringComparison.Ordinal));

    [Fact]
    public void Help_EveryLine_FitsATerminalOf120() => Assert.All(LabHelp.Text.Split('\n'), line => Assert.True(line.Length <= 120, line));
}
