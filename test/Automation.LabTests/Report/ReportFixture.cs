using Automation.Lab;
using Automation.Lab.Incidents;
using Automation.Lab.Report;
using Automation.Lab.Screen;
using Spectre.Console;

namespace Automation.LabTests.Report;

/// <summary>A short run of the lab, recorded and rendered, and a browser to look at it.</summary>
public sealed class ReportFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("rds-automation-lab-report-").FullName;
    private Chromium? browser;
    private int pages;

    internal RunRecord Record { get; private set; } = null!;

    internal string Html { get; private set; } = "";

    /// <summary>What must not be in any report.</summary>
    internal IReadOnlyList<KnownSecret> Secrets { get; private set; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var starting = Chromium.StartAsync(Cancellation);
        try
        {
            Record = await RunAsync();
        }
        finally
        {
            browser = await starting;
        }
        Html = HtmlReport.Render(Record);
        await File.WriteAllTextAsync(Address("report.html").LocalPath, Html, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    internal Task<BrowserPage> OpenAsync(int width) => OpenAsync(Address("report.html"), width);

    internal async Task<BrowserPage> OpenAsync(string html, int width)
    {
        var file = Address(FormattableString.Invariant($"page-{Interlocked.Increment(ref pages)}.html"));
        await File.WriteAllTextAsync(file.LocalPath, html, Cancellation);
        return await OpenAsync(file, width);
    }

    private Task<BrowserPage> OpenAsync(Uri file, int width) =>
        BrowserPage.OpenAsync(browser ?? throw new InvalidOperationException("The browser has not started."), file, width, 1000, Cancellation);

    private Uri Address(string name) => new(Path.Combine(folder, name));

    private async Task<RunRecord> RunAsync()
    {
        await using var recorder = new RunRecorder(TimeProvider.System);
        var story = recorder.Tell(new ConsoleStory(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })));
        story.Chapter("An AWS account on this machine");
        await using var lab = await LocalLab.StartAsync(
            new LocalLabOptions { ConnectionsTag = ConnectionStorm.Policy }, text => TestContext.Current.SendDiagnosticMessage(text), Cancellation);
        await recorder.WatchAsync(lab, Cancellation);
        await new ConnectionStormIncident(lab, story).RunAsync(Cancellation);
        await recorder.StopAsync();
        Secrets = KnownSecrets.OfDatabasesAndRoles(lab);
        return recorder.Finish(seed: 1);
    }
}
