namespace Automation.Database;

/// <summary>
/// A deadline kept outside the driver. Npgsql's own are not hard: a command that times out or is cancelled first opens a
/// second connection, on the cancelling thread, to ask the server to cancel, and in a black hole that takes its full
/// connect timeout again. Here the caller goes on when the time is over, whatever the driver is still doing.
/// </summary>
public static class Watchdog
{
    /// <summary>
    /// Runs the work, and gives it up at the limit or when the caller cancels: it is then asked to stop, in the background;
    /// its error is observed, and a result that comes too late is disposed when it can be.
    /// </summary>
    /// <param name="work">
    /// Always started, on the thread pool, so that work which blocks before its first await is given up too.
    /// </param>
    /// <param name="limit">More than zero.</param>
    /// <param name="clock">Its timers keep the limit.</param>
    /// <param name="cancellation">The caller's own wish to stop.</param>
    /// <exception cref="DeadlineExceededException">The limit passed first.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, TimeProvider clock,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);

        // Not linked to the caller's token: its Cancel() would run the driver's blocking cancel on the caller's thread.
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => work(stop.Token), CancellationToken.None);
        await ((Task)running).WaitAsync(limit, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompleted)
        {
            stop.Dispose();
            return await running;
        }
        _ = GiveUpAsync(running, stop);
        cancellation.ThrowIfCancellationRequested();
        throw new DeadlineExceededException(limit);
    }

    private static async Task GiveUpAsync<T>(Task<T> running, CancellationTokenSource stop)
    {
        await stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        if (!running.IsCompletedSuccessfully) return;
        switch (await running)
        {
            case IAsyncDisposable late:
                await late.DisposeAsync();
                break;
            case IDisposable late:
                late.Dispose();
                break;
        }
    }
}
