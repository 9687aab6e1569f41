using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Automation.LabTests.Database;

/// <summary>A TCP server that follows a script with every client: the n-th connection gets the script and the number n.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<Task> scripts = new();
    private readonly ConcurrentQueue<Conversation> conversations = new();
    private readonly SemaphoreSlim arrivals = new(0);
    private readonly Func<Conversation, int, Task> script;
    private readonly Task accepting;
    private int taken;

    private ScriptedServer(Func<Conversation, int, Task> script)
    {
        this.script = script;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<Conversation> Conversations => [.. conversations];

    public static ScriptedServer Start(Func<Conversation, Task> script) => new((conversation, _) => script(conversation));

    public static ScriptedServer Start(Func<Conversation, int, Task> script) => new(script);

    /// <summary>The next client, once it has connected.</summary>
    public async Task<Conversation> NextAsync()
    {
        if (!await arrivals.WaitAsync(Patience)) throw new TimeoutException("No client connected.");
        return conversations.ElementAt(Interlocked.Increment(ref taken) - 1);
    }

    /// <summary>The scripts have ended, so every byte is in; a script that failed fails the test here.</summary>
    public async Task AllEndedAsync()
    {
        await Task.WhenAll(scripts).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // First: a listener that has stopped refuses to accept once more, which is not the cancellation that is awaited.
        await accepting;
        listener.Stop();
        await Task.WhenAll(scripts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var conversation in conversations) await conversation.DisposeAsync();
        stop.Dispose();
        arrivals.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var conversation = new Conversation(await listener.AcceptSocketAsync(stop.Token), stop.Token);
                conversations.Enqueue(conversation);
                scripts.Enqueue(Task.Run(() => script(conversation, conversations.Count)));
                arrivals.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
