using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Incidents;
using Spectre.Console;

namespace Automation.Lab.Screen;

/// <summary>Tells the story on a console: with live progress on a terminal, line by line elsewhere.</summary>
internal sealed class ConsoleStory(IAnsiConsole console) : IStory
{
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
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(title)}[/]").LeftJustified());
    }

    public async Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result)
    {
        var started = Stopwatch.GetTimestamp();
        T done = default!;
        if (console.Profile.Capabilities.Interactive)
            await console.Status().StartAsync(Markup.Escape(title), async _ => done = await work());
        else
            done = await work();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        console.MarkupLine($"  {Markup.Escape(title)} [grey]({seconds} s)[/]");
        console.MarkupLine($"    [grey]->[/] {Markup.Escape(result(done))}");
        return done;
    }

    public void Line(string text) => console.MarkupLine($"    [grey]{Markup.Escape(text)}[/]");

    public void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Title($"[grey]{Markup.Escape(title)}[/]").Border(TableBorder.Rounded);
        foreach (var column in columns) table.AddColumn(Markup.Escape(column));
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    public void Message(string subject, string text) => console.Write(
        new Panel(Markup.Escape(text)).Header($"[bold]{Markup.Escape(subject)}[/]").Border(BoxBorder.Rounded).Padding(1, 0));

    public void Check(Check check) => console.MarkupLine(check.Holds
        ? $"  [green]ok[/]    {Markup.Escape(check.Claim)} [grey]{Markup.Escape(check.Seen)}[/]"
        : $"  [red]FAILED[/] {Markup.Escape(check.Claim)} [grey]{Markup.Escape(check.Seen)}[/]");

    /// <summary>The end: every check in one table.</summary>
    public void Summary(IReadOnlyList<Check> checks, TimeSpan took)
    {
        Chapter("Summary");
        Table("", ["", "what must be true", "what was seen"],
            [.. checks.Select(check => new[] { check.Holds ? "ok" : "FAILED", check.Claim, check.Seen })]);
        var failed = checks.Count(check => !check.Holds);
        var seconds = took.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        console.MarkupLine(failed == 0
            ? $"[green]Everything ended as it should[/]: {checks.Count} checks hold, in {seconds} s."
            : $"[red]{failed} of {checks.Count} checks failed[/], after {seconds} s.");
    }
}
