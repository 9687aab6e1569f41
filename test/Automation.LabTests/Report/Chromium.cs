using Automation.Lab.Setup;

namespace Automation.LabTests.Report;

/// <summary>A browser without a screen, from Debian's packages. Disposing it ends it and removes its profile.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess process;
    private readonly string profile;

    private Chromium(ChildProcess process, string profile, DevTools tools)
    {
        this.process = process;
        this.profile = profile;
        Tools = tools;
    }

    public DevTools Tools { get; }

    /// <summary>Starts it, and installs it first where it is missing.</summary>
    /// <exception cref="InvalidOperationException">It is missing and may not be installed, or does not start: says so.</exception>
    public static async Task<Chromium> StartAsync(CancellationToken cancellation)
    {
        var program = await FindOrInstallAsync(cancellation);
        var profile = Directory.CreateTempSubdirectory("rds-automation-lab-browser-").FullName;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ChildProcess.Start(new ChildProcessOptions
        {
            Name = "chromium",
            FileName = program,
            // No sandbox: it refuses to be root's, and the page is our own. /dev/shm is small in containers.
            Arguments =
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
            ],
            OnLine = line =>
            {
                if (line.StartsWith(Announcement, StringComparison.Ordinal)) address.TrySetResult(new Uri(line[Announcement.Length..]));
            },
        });
        try
        {
            await Task.WhenAny(address.Task, process.Exited).WaitAsync(Patience, cancellation);
            if (!address.Task.IsCompleted) throw new InvalidOperationException($"{program} ended instead of starting.\n{process.Tail()}");
            return new Chromium(process, profile, await DevTools.ConnectAsync(await address.Task, cancellation));
        }
        catch
        {
            await EndAsync(process, profile);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        await EndAsync(process, profile);
    }

    private static async Task EndAsync(ChildProcess process, string profile)
    {
        process.Kill();
        await process.Exited;
        await process.DisposeAsync();
        Directory.Delete(profile, recursive: true);
    }

    private static async Task<string> FindOrInstallAsync(CancellationToken cancellation)
    {
        if (Find() is { } found) return found;
        await AptPackages.InstallAsync(["chromium"], text => TestContext.Current.SendDiagnosticMessage(text), cancellation);
        return Find() ?? throw new InvalidOperationException("Debian's package chromium is installed, and there is no program chromium on the PATH.");
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
         from name in new[] { "chromium", "chromium-browser", "google-chrome" }
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
