using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Setup;

namespace Automation.Lab.Lambda;

/// <summary>One execution environment: a process of the function, with its Runtime API.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly FunctionDefinition function;
    private readonly RuntimeApiHost api;
    private readonly ChildProcess process;
    private readonly Task exited;
    private readonly long started;

    private FunctionProcess(FunctionDefinition function, RuntimeApiHost api, ChildProcess process, long started)
    {
        this.started = started;
        this.function = function;
        this.api = api;
        this.process = process;
        exited = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>From the start until the first request for an event, or until that failed.</summary>
    public TimeSpan InitDuration { get; private set; }

    /// <summary>The last that was seen; a process that is gone tells nothing.</summary>
    public int MaxMemoryUsedMB { get; private set; }

    public static async Task<FunctionProcess> StartAsync(
        FunctionDefinition function, int sandbox, Action<string> onLog, CancellationToken cancellation)
    {
        var api = await RuntimeApiHost.StartAsync(cancellation);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var process = ChildProcess.Start(new ChildProcessOptions
            {
                Name = function.Name,
                FileName = function.RuntimeRoot is { } root ? Path.Combine(root, "dotnet") : function.ExecutablePath,
                Arguments = function.RuntimeRoot is null ? [] : [function.ExecutablePath + ".dll"],
                WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(function.ExecutablePath)),
                CleanEnvironment = true,
                Environment = FunctionEnvironment.For(function, api.HostAndPort, sandbox),
                OnLine = onLog,
            });
            return new FunctionProcess(function, api, process, started);
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <returns>Why the process did not come up; <c>null</c> when it waits for an event.</returns>
    public async Task<RuntimeAnswer?> InitializeAsync(string requestId, CancellationToken cancellation)
    {
        var first = await FirstAsync([api.Polling, api.InitError, exited], function.InitTimeout, cancellation);
        InitDuration = Stopwatch.GetElapsedTime(started);
        MeasureMemory();
        if (api.InitError.IsCompleted) return await api.InitError;
        if (first == exited) return ExitError(requestId);
        return first is null ? TimeoutError(requestId, function.InitTimeout) : null;
    }

    /// <summary>Waits until the process asks for its next event.</summary>
    /// <returns><c>false</c> when it ended, or did not ask within the function's timeout.</returns>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        var ready = api.Polling;
        return await FirstAsync([exited, ready], function.Timeout, cancellation) == ready;
    }

    public async Task<RuntimeAnswer> InvokeAsync(RuntimeEvent message, CancellationToken cancellation)
    {
        var answer = api.SendAsync(message);
        var first = await FirstAsync([answer, exited], function.Timeout, cancellation);
        MeasureMemory();
        // A process may end right after its answer.
        if (answer.IsCompleted) return await answer;
        return first == exited ? ExitError(message.RequestId) : TimeoutError(message.RequestId, function.Timeout);
    }

    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        // All that it wrote is read when this ends.
        await exited;
        await process.DisposeAsync();
        await api.DisposeAsync();
    }

    /// <returns>The task that ended first; <c>null</c> when none did in time.</returns>
    private static async Task<Task?> FirstAsync(Task[] tasks, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var timeout = Task.Delay(limit, timer.Token);
        var first = await Task.WhenAny([.. tasks, timeout]);
        cancellation.ThrowIfCancellationRequested();
        await timer.CancelAsync();
        return first == timeout ? null : first;
    }

    private void MeasureMemory()
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{process.Id}/status"))
            {
                // "VmHWM:     49152 kB"
                if (!line.StartsWith("VmHWM:", StringComparison.Ordinal)) continue;
                var kilobytes = long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
                MaxMemoryUsedMB = (int)Math.Ceiling(kilobytes / 1024d);
            }
        }
        catch (IOException)
        {
            // The process is gone.
        }
    }

    private RuntimeAnswer ExitError(string requestId) => RuntimeAnswer.Error("Runtime.ExitError", process.ExitCode == 0
        ? $"RequestId: {requestId} Error: Runtime exited without providing a reason"
        : $"RequestId: {requestId} Error: Runtime exited with error: exit status {process.ExitCode}", "error");

    private static RuntimeAnswer TimeoutError(string requestId, TimeSpan limit) => RuntimeAnswer.Error("Sandbox.Timedout",
        string.Create(CultureInfo.InvariantCulture,
            $"RequestId: {requestId} Error: Task timed out after {limit.TotalSeconds:0.00} seconds"), "timeout");
}
