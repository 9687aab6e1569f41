using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Automation.Lab.Setup;

/// <summary>What to start: a program of the lab's own (a PostgreSQL server, moto, a function).</summary>
internal sealed record ChildProcessOptions
{
    public required string Name { get; init; }
    public required string FileName { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set on top of the lab's own environment; <c>null</c> removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Start from an empty environment instead of the lab's own.</summary>
    public bool CleanEnvironment { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>Run as this user; only root may ask for another (PostgreSQL refuses to run as root).</summary>
    public string? UserName { get; init; }

    /// <summary>Called for every line of standard output and error, on a thread of its own.</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>A process the lab started and will end: its output is kept, and disposing it leaves nothing behind.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Sigint = 2, Sigkill = 9, Sigterm = 15;
    private const int KeptLines = 400;
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private ChildProcess(Process process, string name)
    {
        this.process = process;
        Name = name;
    }

    public string Name { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>The last lines of standard output and error, oldest first.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public static ChildProcess Start(ChildProcessOptions options)
    {
        var start = new ProcessStartInfo(options.FileName, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory ?? "/",
            UserName = options.UserName ?? "",
        };
        if (options.CleanEnvironment) start.Environment.Clear();
        foreach (var (key, value) in options.Environment) start.Environment[key] = value;

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process, options.Name);
        void Keep(object _, DataReceivedEventArgs e)
        {
            if (e.Data is not { } line) return;
            child.lines.Enqueue(line);
            while (child.lines.Count > KeptLines) child.lines.TryDequeue(out var _);
            options.OnLine?.Invoke(line);
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has its last lines.</exception>
    public static async Task<string> RunAsync(ChildProcessOptions options, TimeSpan limit, CancellationToken cancellation)
    {
        await using var child = Start(options);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        try
        {
            await child.process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{options.Name} did not end within {limit.TotalSeconds:0} s.\n{child.Tail()}");
        }
        return child.ExitCode == 0
            ? string.Join('\n', child.lines)
            : throw new InvalidOperationException($"{options.Name} ended with code {child.ExitCode}.\n{child.Tail()}");
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public void Interrupt() => Signal(Sigint);

    public void Kill() => Signal(Sigkill);

    /// <summary>Asks the process to end, and ends it when it does not listen.</summary>
    public async Task StopAsync(TimeSpan patience, bool interrupt = false)
    {
        Signal(interrupt ? Sigint : Sigterm);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync(TimeSpan.FromSeconds(5));
        process.Dispose();
    }

    public string Tail(int count = 20) => string.Join('\n', lines.TakeLast(count));

    private void Signal(int signal)
    {
        if (!process.HasExited) _ = SendSignal(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
