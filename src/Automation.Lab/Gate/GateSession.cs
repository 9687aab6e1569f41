using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>One client of a gate, from its first byte to its last.</summary>
[SuppressMessage("Design", "CA1001", Justification =
    "The two sources have no timer and no wait handle, so nothing to dispose; disposed, they would throw on a late Drop().")]
internal sealed class GateSession(DatabaseGate gate, GateOptions options, SslStreamCertificateContext certificate, Socket client)
{
    // PostgreSQL's authentication_timeout.
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource dropped = new(), silenced = new();
    private readonly IPEndPoint peer = PeerOf(client);
    private IServerSide? server;
    private GateLogin? login;
    private string? user;

    // A proxy lets a client wait twice at most: until it is known how the user logs in, and for a writer.
    private TimeSpan Waits => options.Kind == GateKind.Proxy ? 2 * options.BorrowTimeout : TimeSpan.Zero;

    /// <summary>From now on nothing is heard of the endpoint on this connection.</summary>
    public void Silence() => silenced.Cancel();

    /// <summary>Ends the connection with a reset on both sides.</summary>
    public void Drop() => dropped.Cancel();

    public async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(dropped.Token, silenced.Token);
        var regular = false;
        var broken = "client-gone";
        try
        {
            client.NoDelay = true;
            Report(GateEventKind.Accepted);
            regular = await ServeAsync(stop.Token);
        }
        catch (OperationCanceledException) when (silenced.IsCancellationRequested && !dropped.IsCancellationRequested)
        {
            broken = "silent";
            await SwallowAsync();
        }
        catch (OperationCanceledException)
        {
            broken = dropped.IsCancellationRequested ? "dropped" : "login-timeout";
        }
        catch (InvalidDataException)
        {
            broken = "malformed-message";
        }
        catch (AuthenticationException)
        {
            broken = "tls-failed";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            broken = "broken-connection";
        }
        RelayEnd.Close(client, regular);
        server?.Close(regular);
        login?.Slot?.Dispose();
        Report(GateEventKind.Closed, regular ? null : broken);
    }

    /// <returns>Whether the connection came to a regular end.</returns>
    private async Task<bool> ServeAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await using var plain = new NetworkStream(client, ownsSocket: false);
        using var limit = new CancellationTokenSource(LoginLimit + Waits, options.Time);
        using var loginLimit = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);

        var (stream, request) = await Negotiation.RunAsync(plain, certificate, loginLimit.Token);
        await using var owned = stream;
        switch (request)
        {
            case ClientRequest.Cancel cancel:
                await CancelAsync(cancel, loginLimit.Token);
                break;
            case ClientRequest.Startup startup:
                user = startup.Message.User;
                login = new GateLogin(gate, options, client, peer.Address);
                server = await login.RunAsync(new LoginClient(stream, startup.Message, Report), loginLimit.Token);
                if (server is not null && !await server.CarryAsync(new RelayEnd(stream, client), stop)) return false;
                break;
            default:
                throw new InvalidDataException("The connection is encrypted already.");
        }
        if (stream is SslStream encrypted) await SayGoodbyeAsync(encrypted, stop);
        return true;
    }

    private static async Task SayGoodbyeAsync(SslStream encrypted, CancellationToken stop)
    {
        try
        {
            await encrypted.ShutdownAsync().WaitAsync(stop);
        }
        catch (IOException)
        {
            // The client did not wait for it.
        }
    }

    private async Task CancelAsync(ClientRequest.Cancel cancel, CancellationToken cancellation)
    {
        // "RDS Proxy doesn't currently support canceling a query from a client by issuing a CancelRequest."
        if (options.Kind == GateKind.Proxy)
        {
            Report(GateEventKind.CancelIgnored);
            return;
        }
        await BackendSocket.SendCancelAsync(gate.Backend, peer.Address, cancel.Packet, cancellation);
        Report(GateEventKind.CancelForwarded);
    }

    /// <summary>Takes what the client still sends, so that its end is noticed, and answers nothing.</summary>
    private async Task SwallowAsync()
    {
        var buffer = new byte[512];
        try
        {
            while (await client.ReceiveAsync(buffer, dropped.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client or the lab broke the connection off.
        }
    }

    private void Report(GateEventKind kind, string? reason = null, string? detail = null) =>
        gate.Report(new GateEvent { Kind = kind, Client = peer, User = user, Reason = reason, Detail = detail });

    private static IPEndPoint PeerOf(Socket client)
    {
        var remote = (IPEndPoint)client.RemoteEndPoint!;
        return new IPEndPoint(remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address, remote.Port);
    }
}
