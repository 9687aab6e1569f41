using System.Net.Sockets;

namespace Automation.Lab.Gate;

/// <summary>One side of a session: the bytes as its peer means them, and the socket below.</summary>
internal sealed record RelayEnd(Stream Stream, Socket Socket)
{
    public void Close(bool regular) => Close(Socket, regular);

    public static void Close(Socket socket, bool regular)
    {
        // Linger 0: the other side gets a reset instead of a regular end.
        if (!regular) socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
