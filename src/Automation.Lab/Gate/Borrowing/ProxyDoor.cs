using System.Net;
using System.Net.Sockets;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>Through a proxy: a client waits while there is no writer.</summary>
internal sealed class ProxyDoor(DatabaseGate gate, GateOptions options, Socket socket, IPAddress address) : IServerDoor
{
    private readonly Patience patience = new(socket, options.BorrowTimeout, options.Time);

    // RDS Proxy knows its users by itself; the gate has to ask the server, and so to wait for it.
    public async Task<ExpectedLogin> ExpectedLoginAsync(string user, CancellationToken cancellation) =>
        await patience.WaitAsync(stop => options.IsIamUser(user, stop).AsTask(), cancellation)
            ? ExpectedLogin.Trusted
            : ExpectedLogin.Challenged;

    public async Task<IServerSide?> OpenAsync(LoginClient client, ExpectedLogin expected, CancellationToken cancellation)
    {
        var borrower = new Borrower(gate, client.Startup, address, patience);
        var loan = await borrower.BorrowAsync(cancellation);
        IServerSide? opened = null;
        try
        {
            return opened = loan switch
            {
                Loan.Ready ready when expected == ExpectedLogin.Trusted => await BeginAsync(client, borrower, ready, cancellation),
                Loan.Challenge challenge when expected == ExpectedLogin.Challenged => await AnswerAsync(client, challenge, cancellation),
                Loan.Refused refused => await PassOnAsync(client, refused.Error, cancellation),
                _ => await RefuseAsync(client, LoginRefusals.UnexpectedLogin(expected), cancellation),
            };
        }
        finally
        {
            if (opened is null) loan.Held?.Close(regular: true);
        }
    }

    private static async Task<IServerSide> BeginAsync(
        LoginClient client, Borrower borrower, Loan.Ready ready, CancellationToken cancellation)
    {
        await client.Stream.WriteAsync(Message.AuthenticationOkAnswer.Packet, cancellation);
        client.Accept();
        await client.Stream.WriteAsync(ready.Greeting.Packets, cancellation);
        return new BorrowingSession(borrower, ready, new PinWatch(reason => client.Report(GateEventKind.Pinned, reason, null)));
    }

    // SCRAM is between the client and this one server: the gate knows no password to borrow another with, so such a session
    // ends with its backend.
    private static async Task<IServerSide?> AnswerAsync(LoginClient client, Loan.Challenge challenge, CancellationToken cancellation)
    {
        var server = challenge.Server;
        if (!await client.AnswerAsync(server.Stream, challenge.Request, ExpectedLogin.Challenged, cancellation)) return null;
        var greeting = await Greeting.ReadAsync(server.Stream, cancellation);
        if (greeting.Refusal is { } error) return await PassOnAsync(client, error, cancellation);
        if (greeting.InRecovery) return await RefuseAsync(client, LoginRefusals.StandbyAsked, cancellation);
        client.Accept();
        await client.Stream.WriteAsync(greeting.Packets, cancellation);
        return new Relay(server);
    }

    private static async Task<IServerSide?> RefuseAsync(LoginClient client, GateRefusal refusal, CancellationToken cancellation)
    {
        await client.RefuseAsync(refusal, cancellation);
        return null;
    }

    private static async Task<IServerSide?> PassOnAsync(LoginClient client, Message error, CancellationToken cancellation)
    {
        await client.RefuseAsync(error, cancellation);
        return null;
    }
}
