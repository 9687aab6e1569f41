using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.LabTests.Report;

/// <summary>A connection to a browser by the DevTools protocol: calls, and what the browser tells.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket socket;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> asked = new();
    private readonly Task receiving;
    private int last;

    private DevTools(ClientWebSocket socket)
    {
        this.socket = socket;
        receiving = ReceiveAsync();
    }

    /// <summary>What the browser told, of all its pages.</summary>
    public Journal<BrowserEvent> Events { get; } = new();

    public static async Task<DevTools> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return new DevTools(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Calls a method and gives its result.</summary>
    /// <param name="session">The page's; <c>null</c> for the browser itself.</param>
    /// <param name="method">As <c>Page.navigate</c>.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The browser refused; the message has its words.</exception>
    public async Task<JsonElement> CallAsync(string? session, string method, JsonObject parameters, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref last);
        var answer = asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null) call["sessionId"] = session;
        await sending.WaitAsync(cancellation);
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
        finally
        {
            sending.Release();
        }
        var message = await answer.Task.WaitAsync(cancellation);
        return message.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"{method}: {error}") : message.GetProperty("result");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await receiving;
        socket.Dispose();
        sending.Dispose();
        ending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, ending.Token);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonElement.Parse(message.GetBuffer().AsSpan(0, (int)message.Length)));
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The browser is gone, or nobody listens any more.
        }
        foreach (var answer in asked.Values) answer.TrySetException(new InvalidOperationException("The browser is gone."));
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            if (asked.TryRemove(id.GetInt32(), out var answer)) answer.TrySetResult(message);
            return;
        }
        Events.Add(new BrowserEvent(
            message.TryGetProperty("sessionId", out var session) ? session.GetString() : null, message.GetProperty("method").GetString()!, message.GetProperty("params")));
    }
}

/// <summary>Something a browser told.</summary>
/// <param name="Session">The page's; <c>null</c> of the browser itself.</param>
/// <param name="Method">As <c>Page.loadEventFired</c>.</param>
/// <param name="Parameters">What it says.</param>
internal sealed record BrowserEvent(string? Session, string Method, JsonElement Parameters);
