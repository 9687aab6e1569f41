using System.Diagnostics;
using System.Globalization;

namespace Automation.Lab.Lambda;

/// <summary>
/// A deployed function: starts its executable behind the Runtime API when the first event comes, and hands it one event at
/// a time, as Lambda does with a reserved concurrency of 1. A process that timed out, crashed or could not start is gone;
/// the next event starts another.
/// </summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private readonly FunctionDefinition function;
    private readonly Action<string> onLog;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private FunctionProcess? process;
    private int sandboxes;

    private FunctionHost(FunctionDefinition function, Action<string> onLog)
    {
        this.function = function;
        this.onLog = onLog;
    }

    /// <summary>
    /// Makes the function known; its process starts with the first event. <paramref name="onLog"/> gets each line that the
    /// process writes, on a thread of its own: a line may come a moment after the answer.
    /// </summary>
    /// <exception cref="FileNotFoundException">The function's executable is not there.</exception>
    public static Task<FunctionHost> StartAsync(FunctionDefinition function, Action<string> onLog, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return File.Exists(function.ExecutablePath)
            ? Task.FromResult(new FunctionHost(function, onLog))
            : throw new FileNotFoundException(
                $"Function {function.Name} has no executable at {function.ExecutablePath}: build it first.", function.ExecutablePath);
    }

    /// <summary>Waits for its turn, then for the function's answer. A function that fails is a result, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the host was disposed; the process is ended by that.</exception>
    public Task<InvocationResult> InvokeAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        InvokeAsync(payload, Guid.NewGuid().ToString(), cancellation);

    /// <inheritdoc cref="InvokeAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="payload">The event.</param>
    /// <param name="requestId">The invocation's; a retry of Lambda's has the first one's.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<InvocationResult> InvokeAsync(ReadOnlyMemory<byte> payload, string requestId, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping.Token);
        await turn.WaitAsync(linked.Token);
        try
        {
            return await InvokeInTurnAsync(requestId, payload, linked.Token);
        }
        catch
        {
            await EndProcessAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends its process as SIGKILL does; an invocation underway ends in an error, and the next one starts another.</summary>
    public void Kill() => process?.Kill();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await turn.WaitAsync(CancellationToken.None);
        await EndProcessAsync();
        turn.Release();
    }

    private async Task<InvocationResult> InvokeInTurnAsync(string requestId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var begun = DateTimeOffset.UtcNow;
        if (process is not null && !await process.IsReadyAsync(cancellation)) await EndProcessAsync();

        TimeSpan? init = null;
        RuntimeAnswer? answer = null;
        if (process is null)
        {
            process = await FunctionProcess.StartAsync(function, ++sandboxes, onLog, cancellation);
            answer = await process.InitializeAsync(requestId, cancellation);
            init = process.InitDuration;
        }

        var started = Stopwatch.GetTimestamp();
        answer ??= await process.InvokeAsync(Event(requestId, payload), cancellation);
        var report = new InvocationReport
        {
            RequestId = requestId,
            Duration = Stopwatch.GetElapsedTime(started),
            MemorySizeMB = function.MemoryMB,
            MaxMemoryUsedMB = process.MaxMemoryUsedMB,
            InitDuration = init,
            Status = answer.FatalStatus,
        };
        if (answer.FatalStatus is not null) await EndProcessAsync();
        return new InvocationResult
        {
            RequestId = requestId,
            Succeeded = answer.ErrorType is null,
            ErrorType = answer.ErrorType,
            ErrorMessage = answer.ErrorMessage,
            Payload = answer.Payload,
            Report = report,
            BegunAt = begun,
            At = DateTimeOffset.UtcNow,
        };
    }

    private RuntimeEvent Event(string requestId, ReadOnlyMemory<byte> payload)
    {
        var now = DateTimeOffset.UtcNow;
        return new RuntimeEvent
        {
            RequestId = requestId,
            Payload = payload,
            Deadline = now + function.Timeout,
            FunctionArn = $"arn:aws:lambda:{function.Region}:{function.AccountId}:function:{function.Name}",
            TraceId = string.Create(CultureInfo.InvariantCulture,
                $"Root=1-{now.ToUnixTimeSeconds():x8}-{requestId.Replace("-", "", StringComparison.Ordinal)[..24]};Sampled=0"),
        };
    }

    private async Task EndProcessAsync()
    {
        if (process is null) return;
        await process.DisposeAsync();
        process = null;
    }
}
