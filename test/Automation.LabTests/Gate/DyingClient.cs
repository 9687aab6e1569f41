using System.Net;
using System.Net.Sockets;

namespace Automation.LabTests.Gate;

/// <summary>Stands between a client and a gate, and dies on demand as a client's machine or process does.</summary>
internal sealed class DyingClient : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient outer = new();
    private readonly Task carrying;

    public DyingClient(int gatePort)
    {
        listener.Start();
        carrying = CarryAsync(gatePort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>A process that ends closes its sockets; one that ends with unread bytes, or its machine, resets them.</summary>
    public void Die(bool withReset)
    {
        if (withReset) outer.LingerState = new LingerOption(enable: true, seconds: 0);
        outer.Close();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        outer.Dispose();
        await carrying;
    }

    private async Task CarryAsync(int gatePort)
    {
        try
        {
            using var inner = await listener.AcceptTcpClientAsync();
            await outer.ConnectAsync(IPAddress.Loopback, gatePort);
            await Task.WhenAny(inner.GetStream().CopyToAsync(outer.GetStream()), outer.GetStream().CopyToAsync(inner.GetStream()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It died, or was disposed before anybody came.
        }
    }
}
