using System.Net;
using System.Net.Sockets;

namespace Automation.LabTests.Failover;

/// <summary>
/// The way to a server, which can be closed as a network is: what is under way is stuck, and a SYN is dropped, because the
/// kernel drops those for which the listener's queue has no place.
/// </summary>
internal sealed class Road : IAsyncDisposable
{
    private readonly IPEndPoint destination;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource ending = new();
    private readonly List<Socket> stuffing = [];
    private readonly Lock sync = new();
    private readonly List<Task> trips = [];
    private TaskCompletionSource open = Opened();
    private readonly Task accepting;

    private Road(IPEndPoint destination)
    {
        this.destination = destination;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public static Road To(IPEndPoint destination) => new(destination);

    /// <summary>Nothing passes from when the task ends until <see cref="Open"/>.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        lock (sync) open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Until a connection is not taken any more: the queue is full then.
        while (true)
        {
            var stuff = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            stuffing.Add(stuff);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromMilliseconds(200));
            try
            {
                await stuff.ConnectAsync(listener.LocalEndPoint!, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public void Open()
    {
        foreach (var stuff in stuffing) stuff.Dispose();
        stuffing.Clear();
        lock (sync) open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Open();
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(trips);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await WaitAsync();
                var client = await listener.AcceptAsync(ending.Token);
                trips.Add(TravelAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TravelAsync(Socket client)
    {
        using var _ = client;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(destination, ending.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            var both = new[] { PumpAsync(client, server, over.Token), PumpAsync(server, client, over.Token) };
            await Task.WhenAny(both);
            await over.CancelAsync();
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // One side left.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            await WaitAsync().WaitAsync(cancellation);
            await to.SendAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    private Task WaitAsync()
    {
        lock (sync) return open.Task;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
