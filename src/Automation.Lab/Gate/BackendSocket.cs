using System.Net;
using System.Net.Sockets;

namespace Automation.Lab.Gate;

/// <summary>Connections to the server behind a gate.</summary>
internal static class BackendSocket
{
    /// <summary>
    /// Connects from the client's own address, so that <c>client_addr</c> and <c>pg_hba.conf</c> see the client and not the
    /// gate: every address of 127.0.0.0/8 is this machine's.
    /// </summary>
    public static async Task<Socket> ConnectAsync(IPEndPoint backend, IPAddress client, CancellationToken cancellation)
    {
        var socket = new Socket(backend.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (client.AddressFamily == backend.AddressFamily && IPAddress.IsLoopback(client)) socket.Bind(new IPEndPoint(client, 0));
            await socket.ConnectAsync(backend, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hands a cancel request on. The server answers by closing, after it has sent the signal.</summary>
    public static async Task SendCancelAsync(IPEndPoint backend, IPAddress client, ReadOnlyMemory<byte> packet, CancellationToken cancellation)
    {
        using var socket = await ConnectAsync(backend, client, cancellation);
        await socket.SendAsync(packet, cancellation);
        var answer = new byte[1];
        while (await socket.ReceiveAsync(answer, cancellation) > 0)
        {
        }
    }
}
