using System.Collections.Concurrent;
using System.Diagnostics;

namespace Automation.Lab.Setup;

/// <summary>A process the lab started and will end: its output is kept, and disposing it leaves nothing behind.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static volatile bool allEnd;
    private int disposed;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Leftovers.End();

    private ChildProcess(Process process, string name)
    {
        this.process = process;
        Name = name;
    }

    /// <summary>Those that were started and have not ended.</summary>
    public static IReadOnlyCollection<ChildProcess> StillRunning => [.. Running.Keys];

    public string Name { get; }

    /// <summary>Known also when it is gone.</summary>
    public int Id { get; private set; }

    public bool HasExited => Exited.IsCompleted;

    public int ExitCode => process.ExitCode;

    /// <summary>Ends when the process has; what it started may live on and hold its output open.</summary>
    public Task Exited => exited.Task;

    /// <summary>The last lines of standard output and error, oldest first.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
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
        start.Environment[OrphanedProcesses.OwnerVariable] = ProcessIdentity.Current.ToString();

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(process, options.Name);
        void Keep(object _, DataReceivedEventArgs e)
        {
            if (e.Data is not { } line) return;
            child.lines.Enqueue(line);
            while (child.lines.Count > options.KeptLines) child.lines.TryDequeue(out var _);
            options.OnLine?.Invoke(line);
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Exited += (_, _) =>
        {
            Running.TryRemove(child, out var _);
            child.exited.TrySetResult();
        };
        process.Start();
        child.Id = process.Id;
        Running.TryAdd(child, true);
        if (process.HasExited) Running.TryRemove(child, out var _);
        if (allEnd) child.EndAtOnce();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and gives back the last lines of its output.</summary>
    /// <exception cref="InvalidOperationException">
    /// It ended with another code than 0, or not within the limit; the message has its last lines.
    /// </exception>
    public static async Task<string> RunAsync(ChildProcessOptions options, TimeSpan limit, CancellationToken cancellation)
    {
        await using var child = Start(options);
        try
        {
            await child.Exited.WaitAsync(limit, cancellation);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"{options.Name} did not end within {limit.TotalSeconds:0} s.\n{child.Tail()}");
        }
        await child.ReadToEndAsync();
        return child.ExitCode == 0
            ? string.Join('\n', child.lines)
            : throw new InvalidOperationException($"{options.Name} ended with code {child.ExitCode}.\n{child.Tail()}");
    }

    /// <summary>Ends all at once, also those that are started from now on.</summary>
    /// <param name="patience">How long they are waited for.</param>
    public static void EndAll(TimeSpan patience)
    {
        allEnd = true;
        var running = StillRunning;
        foreach (var child in running) child.EndAtOnce();
        Task.WaitAll([.. running.Select(child => child.Exited)], patience);
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => Exited.WaitAsync(cancellation);

    public void Interrupt() => Signal(Signals.Interrupt);

    /// <summary>Ends it at once, with everything it started.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It, or one of its own, ended by itself meanwhile.
        }
    }

    public void Signal(int signal)
    {
        if (!Exited.IsCompleted) Signals.Send(Id, signal);
    }

    /// <summary>Asks the process to end, with SIGTERM unless told otherwise, and ends it when it does not listen.</summary>
    public async Task StopAsync(TimeSpan patience, int signal = Signals.Terminate)
    {
        Signal(signal);
        try
        {
            await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        if (!Exited.IsCompleted) await StopAsync(TimeSpan.FromSeconds(5));
        await ReadToEndAsync();
        process.Dispose();
    }

    public string Tail(int count = 20) => string.Join('\n', lines.TakeLast(count));

    private void EndAtOnce()
    {
        if (OrphanedProcesses.EndsAtOnceOn(Id) == Signals.Quit) Signal(Signals.Quit);
        else Kill();
    }

    /// <summary>A grandchild that escaped may hold the pipes open for ever: what it would still say is not waited for.</summary>
    private async Task ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
