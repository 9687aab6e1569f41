using System.Net;
using System.Net.Sockets;
using Automation.Lab.Account;
using Automation.Lab.Gate;

namespace Automation.Lab.Failover;

/// <summary>
/// An RDS Proxy: a gate at a loopback address of its own, because a proxy always listens on 5432 and no API tells a port.
/// </summary>
internal sealed class LabProxy : IAsyncDisposable
{
    private const int Port = 5432;
    // 127.0.0.1 is everybody's, 127.0.0.2 the standbys'.
    private const int FirstAddress = 3, LastAddress = 254;

    private LabProxy(DatabaseGate gate, DatabaseEndpoint endpoint)
    {
        Gate = gate;
        Endpoint = endpoint;
    }

    public DatabaseGate Gate { get; }

    /// <summary>What the RDS API says, with the port everybody knows; the host is an address, which the certificate names.</summary>
    public DatabaseEndpoint Endpoint { get; }

    /// <param name="options">The gate for an address and port.</param>
    /// <exception cref="InvalidOperationException">Another program listens on 5432 on all addresses of this machine.</exception>
    public static LabProxy Start(Func<IPEndPoint, GateOptions> options)
    {
        for (var last = FirstAddress; last <= LastAddress; last++)
        {
            var address = new IPAddress([127, 0, 0, (byte)last]);
            if (!IsFree(address)) continue;
            try
            {
                var gate = DatabaseGate.Start(options(new IPEndPoint(address, Port)));
                return new LabProxy(gate, new DatabaseEndpoint(address.ToString(), Port));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another lab was faster.
            }
        }
        throw new InvalidOperationException(
            $"An RDS Proxy listens on port {Port}, and here every address of 127.0.0.{FirstAddress} to {LastAddress} has another listener on it.");
    }

    public ValueTask DisposeAsync() => Gate.DisposeAsync();

    private static bool IsFree(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, Port));
            socket.Listen();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
