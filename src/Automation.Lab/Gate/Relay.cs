using System.Net.Sockets;

namespace Automation.Lab.Gate;

/// <summary>A session that lives and dies with its server's connection: bytes go both ways as they are.</summary>
internal sealed class Relay(RelayEnd server) : IServerSide
{
    public async Task<bool> CarryAsync(RelayEnd client, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var up = SendUpAsync(client, end.Token);
        var down = PumpAsync(server.Stream, client.Stream, end.Token);
        // A client that says goodbye still gets what the server sends until it closes; one that breaks off gets nothing.
        if (await Task.WhenAny(up, down) == up && up.IsCompletedSuccessfully) await Task.WhenAny(down);
        await end.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return down.IsCompletedSuccessfully;
    }

    public void Close(bool regular) => server.Close(regular);

    private async Task SendUpAsync(RelayEnd client, CancellationToken cancellation)
    {
        await PumpAsync(client.Stream, server.Stream, cancellation);
        server.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        while (true)
        {
            using var chunk = await Chunk.ReadAsync(from, cancellation);
            if (chunk.Bytes.IsEmpty) return;
            await to.WriteAsync(chunk.Bytes, cancellation);
        }
    }
}
