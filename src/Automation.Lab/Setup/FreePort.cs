using System.Net;
using System.Net.Sockets;

namespace Automation.Lab.Setup;

/// <summary>Loopback ports that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>
    /// A port the kernel just handed out and took back. Another process may take it in between: for servers that cannot
    /// be told "port 0" only, and their start is tried again with another port.
    /// </summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
