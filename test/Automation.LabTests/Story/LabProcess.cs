using System.Text;
using Automation.Lab.Account;
using Automation.Lab.Setup;

namespace Automation.LabTests.Story;

/// <summary>The built lab as a process of its own, as a person starts it.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ChildProcess process;

    private LabProcess(ChildProcess process, Journal<string> output)
    {
        (this.process, Output) = (process, output);
        Identity = ProcessIdentity.Of(process.Id) ?? throw new InvalidOperationException($"the lab ended at once: {process.Tail()}");
    }

    /// <summary>What it wrote so far.</summary>
    public Journal<string> Output { get; }

    public ProcessIdentity Identity { get; }

    public string Text => string.Join('\n', Output.Entries);

    /// <summary>The program as it was built with the tests: Debug or Release.</summary>
    private static string Program { get; } = Repository.PathOf(Path.Combine(
        "src", "Automation.Lab", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Automation.Lab"));

    public static LabProcess Start(params IReadOnlyList<string> arguments)
    {
        var output = new Journal<string>();
        return new LabProcess(ChildProcess.Start(new ChildProcessOptions
        {
            Name = "the lab",
            // A shell that is no terminal's has what it starts in the background ignore Ctrl-C, and whoever that starts in turn.
            FileName = "/usr/bin/env",
            Arguments = ["--default-signal=INT", Program, .. arguments],
            OnLine = output.Add,
        }), output);
    }

    /// <summary>A run that ends by itself at once.</summary>
    public static async Task<(int Code, string Text)> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        await using var process = ChildProcess.Start(new ChildProcessOptions { Name = "the lab", FileName = Program, Arguments = arguments, OnLine = line => text.AppendLine(line) });
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, text.ToString());
    }

    /// <summary>Returns when it has written so many lines, or has ended.</summary>
    public async Task WroteAsync(int lines, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Output.FirstAsync(_ => Output.Entries.Count >= lines, either.Token), process.WaitForExitAsync(either.Token));
        await either.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => process.Interrupt();

    /// <summary>Twice at once. Two signals, because two of the same may be one when they arrive.</summary>
    public void InterruptTwice()
    {
        process.Interrupt();
        process.Signal(Signals.Terminate);
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
        return process.ExitCode;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
