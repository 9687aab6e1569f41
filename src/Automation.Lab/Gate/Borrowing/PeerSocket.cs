using System.Net.Sockets;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>What the kernel knows of the other side while nobody reads what it sends.</summary>
internal static class PeerSocket
{
    // Linux (netinet/tcp.h): struct tcp_info begins with the state.
    private const int TcpLevel = 6, TcpInfo = 11, Established = 1;

    /// <summary>Whether the other side has closed or reset the connection, also when bytes before that are still unread.</summary>
    public static bool HasLeft(Socket socket)
    {
        Span<byte> info = stackalloc byte[8];
        socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return info[0] != Established;
    }
}
