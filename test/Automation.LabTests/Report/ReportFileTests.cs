using Automation.Lab.Incidents;
using Automation.Lab.Report;
using Automation.Lab.Screen;
using Spectre.Console;

namespace Automation.LabTests.Report;

public sealed class ReportFileTests : IDisposable
{
    private const string Earlier = "the page of an earlier run";
    private readonly string folder = Directory.CreateTempSubdirectory("rds-automation-report-file-").FullName;

    private string File => Path.Combine(folder, "report.html");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Problem_OfAPageThatIsThere_LeavesIt()
    {
        System.IO.File.WriteAllText(File, Earlier);

        Assert.Null(ReportFile.Problem(File));

        Assert.Equal(Earlier, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Problem_OfNoPage_LeavesNone()
    {
        Assert.Null(ReportFile.Problem(File));

        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData(".", "a file is expected")]
    [InlineData("missing/report.html", "cannot be written")]
    public void Problem_OfWhatIsNoFile_SaysSo(string name, string words) =>
        Assert.Contains(words, ReportFile.Problem(Path.Combine(folder, name)), StringComparison.Ordinal);

    [Fact]
    public async Task Write_RunThatBrokeOff_SaysSoInPlaceOfTheEarlierPage()
    {
        System.IO.File.WriteAllText(File, Earlier);

        var checks = await WriteAsync("it was interrupted.", new KnownSecret("a password", "not-in-it"));

        var page = System.IO.File.ReadAllText(File);
        Assert.Contains("<title>broken off:", page, StringComparison.Ordinal);
        Assert.Contains("The run was broken off: it was interrupted.", page, StringComparison.Ordinal);
        Assert.Contains("no password, key or token of the run is in its report", page, StringComparison.Ordinal);
        Assert.All(checks, check => Assert.True(check.Holds, check.Seen));
    }

    [Fact]
    public async Task Write_ASecretWasTold_IsAFailedCheckWithoutItAndNoPage()
    {
        System.IO.File.WriteAllText(File, Earlier);

        var check = Assert.Single(await WriteAsync(null, new KnownSecret("the password of somebody", Line)));

        Assert.False(check.Holds);
        Assert.Contains("the password of somebody", check.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Line, check.Seen, StringComparison.Ordinal);
        Assert.Equal(Earlier, System.IO.File.ReadAllText(File));
    }

    private const string Line = "a line <with> something";

    private async Task<IReadOnlyList<Check>> WriteAsync(string? broken, KnownSecret secret)
    {
        await using var recorder = new RunRecorder(TimeProvider.System);
        var outline = new Outline(new ConsoleStory(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })));
        var story = recorder.Tell(outline);
        story.Chapter("A run");
        story.Line(Line);
        await ReportFile.WriteAsync(File, recorder, 1, story, [secret], broken);
        return outline.Scenes[0].Checks;
    }
}
