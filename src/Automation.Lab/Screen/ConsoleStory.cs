using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Incidents;
using Spectre.Console;

namespace Automation.Lab.Screen;

/// <summary>Tells the story on a console: with live progress on a terminal, line by line elsewhere.</summary>
internal sealed class ConsoleStory(IAnsiConsole console) : IStory
{
    private const int NameWidth = 22, VerdictWidth = 6;

    /// <summary>Lines of a message: the subject and the first words are what is read at night; a report has all of it.</summary>
    private const int LongestMessage = 14;

    private StoryStep told = StoryStep.None;

    private enum StoryStep
    {
        None,
        Happened,
        Saw,
        Decided,
        Received,
        Proof,
    }

    /// <summary>Colours and live progress for a terminal; plain lines of a readable width for a file or a log.</summary>
    public static IAnsiConsole ConsoleFor(bool redirected)
    {
        if (!redirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        plain.Profile.Width = 120;
        return plain;
    }

    public void Chapter(string title)
    {
        told = StoryStep.None;
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(title)}[/]").LeftJustified());
    }

    public void Open(Scene scene)
    {
        Chapter($"{scene.When}: {scene.Title}");
        Paragraph(scene.About, 2);
    }

    public void Happened(string what)
    {
        Heading(StoryStep.Happened, "What happened");
        Paragraph(what, 4);
    }

    public void Saw(Sighting sighting)
    {
        var again = Heading(StoryStep.Saw, "What the automation saw");
        var trigger = sighting.Trigger switch
        {
            TriggerKind.Schedule => "schedule",
            TriggerKind.Event => "event",
            TriggerKind.Alarm => "alarm",
            TriggerKind.SecretsManager => "Secrets Manager",
            TriggerKind.Person => "a person",
            _ => throw new UnreachableException(),
        };
        Facts([new Fact("set off by", $"{trigger}: {sighting.Source}"), .. sighting.Facts], again);
    }

    public void Decided(Decision decision)
    {
        var again = Heading(StoryStep.Decided, "What it decided, and why");
        var init = decision.Report.InitDuration is { } cold ? string.Create(CultureInfo.InvariantCulture, $"started in {cold.TotalMilliseconds:0} ms, ") : "";
        Facts(
        [
            new Fact(decision.Function, $"{decision.Verdict} ({decision.Reason})"),
            new Fact("why", decision.Sentence),
            new Fact("run", string.Create(CultureInfo.InvariantCulture,
                $"{init}took {decision.Report.Duration.TotalMilliseconds:0} ms, {decision.Report.MaxMemoryUsedMB} of {decision.Report.MemorySizeMB} MB")),
        ], again);
    }

    public void Message(string subject, string text)
    {
        if (told != StoryStep.None) Heading(StoryStep.Received, "What the person on call received");
        var lines = text.TrimEnd().Split('\n');
        var shown = lines.Length <= LongestMessage ? text.TrimEnd() : $"{string.Join('\n', lines.Take(LongestMessage)).TrimEnd()}\n… {Number(lines.Length - LongestMessage)} lines more";
        console.Write(new Padder(
            new Panel(Markup.Escape(shown)).Header($"[bold]{Markup.Escape(subject)}[/]").Border(BoxBorder.Rounded).Padding(1, 0), new Padding(4, 0, 0, 0)));
    }

    public void Proof() => Heading(StoryStep.Proof, "Proof, from PostgreSQL itself");

    public async Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result)
    {
        var started = Stopwatch.GetTimestamp();
        T done = default!;
        if (console.Profile.Capabilities.Interactive)
            await console.Status().StartAsync(Markup.Escape(title), async _ => done = await work());
        else
            done = await work();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Indented($"{Markup.Escape(title)} [grey]({seconds} s)[/]", 4);
        Indented($"[grey]->[/] {Markup.Escape(result(done))}", 6);
        return done;
    }

    public void Line(string text) => Indented($"[grey]{Markup.Escape(text)}[/]", 4);

    /// <summary>A line to be copied: never wrapped, indented or coloured.</summary>
    public void Verbatim(string text) => console.Profile.Out.Writer.WriteLine(text);

    public void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Title($"[grey]{Markup.Escape(title)}[/]").Border(TableBorder.Rounded);
        foreach (var column in columns) table.AddColumn(Markup.Escape(column));
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(new Padder(table, new Padding(4, 0, 0, 0)));
    }

    public void Check(Check check)
    {
        var grid = TwoColumns(VerdictWidth);
        grid.AddRow(check.Holds ? "[green]ok[/]" : "[red]FAILED[/]", $"{Markup.Escape(check.Claim)} [grey]({Markup.Escape(check.Seen)})[/]");
        console.Write(new Padder(grid, new Padding(4, 0, 0, 0)));
    }

    /// <summary>The end: a row for each incident, and what was not as it should be, in full.</summary>
    public void Summary(IReadOnlyList<SceneOutcome> scenes, TimeSpan took)
    {
        Chapter("Summary");
        Table("", ["what happened", "decision", "what people were told", "checks"], [.. scenes.Where(scene => scene.Scene is not null || scene.Checks.Count > 0).Select(Row)]);
        var checks = scenes.SelectMany(scene => scene.Checks).ToList();
        var failed = checks.Where(check => !check.Holds).ToList();
        foreach (var check in failed) Check(check);
        var seconds = took.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        console.MarkupLine(failed.Count == 0
            ? $"  [green]Everything ended as it should[/]: {checks.Count} checks hold, in {seconds} s."
            : $"  [red]{failed.Count} of {checks.Count} checks failed[/], after {seconds} s.");
    }

    private static IReadOnlyList<string> Row(SceneOutcome outcome) =>
    [
        outcome.Title,
        string.Join('\n', outcome.Decisions.Select(decision => $"{decision.Verdict} ({decision.Reason})").Distinct()),
        string.Join('\n', outcome.Messages.Distinct()),
        string.Create(CultureInfo.InvariantCulture, $"{outcome.Checks.Count(check => check.Holds)}/{outcome.Checks.Count}"),
    ];

    /// <returns>Whether the step was told before.</returns>
    private bool Heading(StoryStep step, string title)
    {
        if (told == step) return true;
        told = step;
        console.WriteLine();
        console.MarkupLine($"  [bold]{(int)step} {Markup.Escape(title)}[/]");
        return false;
    }

    private static Grid TwoColumns(int first) => new Grid()
        .AddColumn(new GridColumn { NoWrap = true, Width = first, Padding = new Padding(0, 0, 1, 0) })
        .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });

    private void Facts(IReadOnlyList<Fact> facts, bool again)
    {
        if (again) console.WriteLine();
        var grid = TwoColumns(NameWidth);
        foreach (var fact in facts) grid.AddRow($"[grey]{Markup.Escape(fact.Name)}[/]", Markup.Escape(fact.Value));
        console.Write(new Padder(grid, new Padding(4, 0, 0, 0)));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Paragraph(string text, int indent) => Indented(Markup.Escape(text), indent);

    /// <summary>Lines that wrap stay below each other.</summary>
    private void Indented(string markup, int indent) => console.Write(new Padder(new Markup(markup), new Padding(indent, 0, 0, 0)));
}
