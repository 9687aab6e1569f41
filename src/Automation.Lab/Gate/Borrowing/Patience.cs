using System.Data.Common;
using System.Net.Sockets;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>Keeps a client waiting for what an outage keeps from it, and tries again meanwhile.</summary>
/// <param name="client">Waits; not a byte of what it has sent is taken.</param>
/// <param name="limit">How long it may have to.</param>
/// <param name="time">The clock.</param>
internal sealed class Patience(Socket client, TimeSpan limit, TimeProvider time)
{
    // For a server that accepts and says nothing; a login takes milliseconds.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="attempt">Made again when it fails as connections and databases do, or is cancelled by itself.</param>
    /// <param name="stop">Ends the waiting from outside.</param>
    /// <exception cref="TimeoutException">The limit is over.</exception>
    /// <exception cref="EndOfStreamException">The client has left.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken stop)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        var watching = WatchAsync(waiting);
        try
        {
            while (true)
            {
                using var tooLong = new CancellationTokenSource(AttemptLimit, time);
                using var once = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, tooLong.Token);
                try
                {
                    return await attempt(once.Token);
                }
                catch (Exception e) when (e is IOException or SocketException or DbException or TimeoutException
                    || (e is OperationCanceledException && !waiting.IsCancellationRequested))
                {
                    await Task.Delay(Interval, time, waiting.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw over.IsCancellationRequested
                ? new TimeoutException("There was no writer in time.")
                : new EndOfStreamException("The client left while it waited for a writer.");
        }
        finally
        {
            await waiting.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(CancellationTokenSource waiting)
    {
        while (!waiting.IsCancellationRequested)
        {
            if (PeerSocket.HasLeft(client)) await waiting.CancelAsync();
            await Task.Delay(Interval, time, waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
