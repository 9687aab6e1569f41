using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>Through the endpoint of an instance: what the server does at this moment is the answer.</summary>
internal sealed class InstanceDoor(DatabaseGate gate, GateOptions options, IPAddress address) : IServerDoor
{
    public async Task<ExpectedLogin> ExpectedLoginAsync(string user, CancellationToken cancellation)
    {
        try
        {
            return await options.IsIamUser(user, cancellation) ? ExpectedLogin.Trusted : ExpectedLogin.Challenged;
        }
        catch (Exception e) when (e is DbException or IOException or SocketException or TimeoutException)
        {
            return ExpectedLogin.None;
        }
    }

    public async Task<IServerSide?> OpenAsync(LoginClient client, ExpectedLogin expected, CancellationToken cancellation)
    {
        var socket = await BackendSocket.ConnectAsync(gate.Backend, address, cancellation);
        var open = false;
        try
        {
            var server = new NetworkStream(socket, ownsSocket: false);
            await server.WriteAsync(client.Startup.Packet, cancellation);
            var first = await Message.ReadAsync(server, cancellation);
            if (!await client.AnswerAsync(server, first, expected, cancellation)) return null;
            client.Accept();
            open = true;
            return new Relay(new RelayEnd(server, socket));
        }
        finally
        {
            if (!open) socket.Dispose();
        }
    }
}
