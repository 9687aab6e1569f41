using System.Net;
using System.Net.Sockets;

namespace Automation.LabTests.Gate;

/// <summary>Npgsql cannot choose the address it connects from: this carries its bytes on from the wanted one.</summary>
internal sealed class SourceAddressTunnel : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task carrying;

    public SourceAddressTunnel(IPAddress source, IPEndPoint target)
    {
        listener.Start();
        carrying = CarryAsync(source, target);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await carrying;
    }

    private async Task CarryAsync(IPAddress source, IPEndPoint target)
    {
        try
        {
            using var inner = await listener.AcceptTcpClientAsync();
            using var outer = new TcpClient(new IPEndPoint(source, 0));
            await outer.ConnectAsync(target);
            await Task.WhenAny(inner.GetStream().CopyToAsync(outer.GetStream()), outer.GetStream().CopyToAsync(inner.GetStream()));
        }
        catch (SocketException)
        {
            // Disposed before anybody came.
        }
    }
}
