using System.Buffers;
using System.Net.Sockets;

namespace Automation.Lab.Gate;

/// <summary>One side of a session: the bytes as its peer means them, and the socket below.</summary>
internal sealed record RelayEnd(Stream Stream, Socket Socket);

/// <summary>Carries bytes both ways until the session ends.</summary>
internal static class Relay
{
    private const int BufferSize = 32 * 1024;

    /// <returns>
    /// <c>true</c> when the server ended the session and the client has got its last byte; <c>false</c> when the client
    /// vanished or the server's connection broke.
    /// </returns>
    public static async Task<bool> RunAsync(RelayEnd client, RelayEnd server, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var up = SendUpAsync(client, server, end.Token);
        var down = PumpAsync(server.Stream, client.Stream, end.Token);
        // A client that says goodbye still gets what the server sends until it closes; one that breaks off gets nothing.
        if (await Task.WhenAny(up, down) == up && up.IsCompletedSuccessfully) await Task.WhenAny(down);
        await end.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return down.IsCompletedSuccessfully;
    }

    private static async Task SendUpAsync(RelayEnd client, RelayEnd server, CancellationToken cancellation)
    {
        await PumpAsync(client.Stream, server.Stream, cancellation);
        server.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        while (true)
        {
            await WaitForDataAsync(from, cancellation);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var count = await from.ReadAsync(buffer, cancellation);
                if (count == 0) return;
                await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    // A read of nothing waits for data without holding a buffer: most sessions are idle most of the time.
    private static ValueTask<int> WaitForDataAsync(Stream from, CancellationToken cancellation) =>
        from.ReadAsync(Memory<byte>.Empty, cancellation);
}
