using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Automation.Lab.Setup;

/// <summary>Loopback ports that nobody listens on.</summary>
internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> GivenOut = new();

    /// <summary>
    /// A port the kernel just handed out and took back, never the same one twice in this process. Another process may take
    /// it in between: for servers that cannot be told "port 0" only, and their start is tried again with another port.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (GivenOut.TryAdd(port, true)) return port;
        }
    }
}
