using Automation.Lab.Incidents;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;
using Spectre.Console;

namespace Automation.Tests.Lab.Screen;

public sealed class ConsoleStoryTests : IDisposable
{
    private static readonly Scene Storm = new(Incident.Connections, "Night", "a storm", "What is at stake.");

    private readonly StringWriter screen = new();
    private readonly ConsoleStory story;
    private readonly Outline outline;

    public ConsoleStoryTests()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen),
        });
        console.Profile.Width = 120;
        story = new ConsoleStory(console);
        outline = new Outline(story);
    }

    private string[] Lines => [.. screen.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    public void Dispose() => screen.Dispose();

    [Fact]
    public async Task Scene_EachStepToldTwice_HasFiveHeadingsInOrder()
    {
        outline.Open(Storm);
        outline.Happened("slots are taken");
        Assert.Equal(94, await outline.StepAsync("they log in", () => Task.FromResult(94), count => $"{count} sessions"));
        outline.Saw(Seen("first"));
        outline.Saw(Seen("second"));
        outline.Decided(Decided("observed"));
        outline.Decided(Decided("acted"));
        outline.Message("one", "text");
        outline.Message("two", "text");
        outline.Proof();
        outline.Check(new Check("it is over", true, "so it is"));

        Assert.Equal(
            ["1 What happened", "2 What the automation saw", "3 What it decided, and why", "4 What the person on call received", "5 Proof, from PostgreSQL itself"],
            Lines.Where(line => char.IsAsciiDigit(line[0])));
        Assert.Contains("-> 94 sessions", Lines);
        Assert.Contains(Lines, line => line.StartsWith("set off by", StringComparison.Ordinal) && line.EndsWith("alarm: second", StringComparison.Ordinal));
        Assert.Contains(Lines, line => line.StartsWith("RelieveConnections", StringComparison.Ordinal) && line.EndsWith("acted (usage-above-target)", StringComparison.Ordinal));
        Assert.Contains("ok     it is over (so it is)", Lines);
    }

    [Fact]
    public void Scene_AfterAnother_BeginsAtItsFirstStepAgain()
    {
        outline.Open(Storm);
        outline.Happened("one");
        outline.Open(Storm);
        outline.Happened("two");

        Assert.Equal(2, Lines.Count(line => line == "1 What happened"));
    }

    [Fact]
    public void Text_LooksLikeMarkup_IsWrittenAsItIs()
    {
        outline.Open(Storm);
        outline.Message("[CRITICAL] orders", "array[1] [/] [red]");
        outline.Check(new Check("[x]", false, "[y]"));

        Assert.Contains("[CRITICAL] orders", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("array[1] [/] [red]", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("FAILED [x] ([y])", Lines);
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(15, true)]
    public void Message_Long_IsCutAndSaysSo(int lines, bool cut)
    {
        outline.Open(Storm);
        outline.Message("subject", string.Join('\n', Enumerable.Range(1, lines).Select(n => $"line {n}")));

        Assert.Equal(cut, screen.ToString().Contains("… 1 lines more", StringComparison.Ordinal));
        Assert.Equal(!cut, screen.ToString().Contains($"line {lines}", StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_ACheckFailed_HasARowForTheIncidentAndTheCheckInFull()
    {
        outline.Chapter("no incident");
        outline.Open(Storm);
        outline.Decided(Decided("acted"));
        outline.Message("ended 5 sessions", "text");
        outline.Check(new Check("one", true, "yes"));
        outline.Check(new Check("two", false, "no"));

        story.Summary(outline.Scenes, TimeSpan.FromSeconds(61));

        var row = Assert.Single(Lines, line => line.StartsWith('│') && line.Contains("a storm", StringComparison.Ordinal));
        Assert.Equal(["a storm", "acted (usage-above-target)", "ended 5 sessions", "1/2"], row.Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(2, Lines.Count(line => line == "FAILED two (no)"));
        Assert.Equal("1 of 2 checks failed, after 61 s.", Lines[^1]);
        Assert.DoesNotContain(Lines, line => line.StartsWith('│') && line.Contains("no incident", StringComparison.Ordinal));
    }

    private static Sighting Seen(string alarm) => new(TriggerKind.Alarm, alarm, DateTimeOffset.UnixEpoch, [new Fact("slots", "95 of 95")]);

    private static Decision Decided(string verdict) => new()
    {
        Function = "RelieveConnections",
        Verdict = verdict,
        Reason = "usage-above-target",
        Sentence = "ended 5 sessions",
        At = DateTimeOffset.UnixEpoch,
        Report = new InvocationReport { RequestId = "r", Duration = TimeSpan.FromMilliseconds(40), MemorySizeMB = 512, MaxMemoryUsedMB = 80 },
    };
}
