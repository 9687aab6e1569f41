using System.Data.Common;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Automation.Lab.Gate.Iam;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>From the startup message to "you are in" or to the error that ends the connection.</summary>
/// <param name="gate">The endpoint.</param>
/// <param name="options">Its rules.</param>
/// <param name="client">The client's address.</param>
/// <param name="report">Takes what happened, the reason code and the reason as a sentence.</param>
internal sealed class GateLogin(
    DatabaseGate gate, GateOptions options, IPAddress client, Action<GateEventKind, string?, string?> report)
{
    /// <summary>The slot the session holds, the caller's to give back when the session ends.</summary>
    public IDisposable? Slot { get; private set; }

    /// <returns>The server's side of an open session, the caller's to close; <c>null</c> when the client has been refused.</returns>
    public async Task<RelayEnd?> RunAsync(Stream stream, StartupMessage startup, CancellationToken cancellation)
    {
        if (StartupRules.Check(options.Kind, gate.Mode, startup, stream is SslStream, client) is { } refusal)
            return await RefuseAsync(stream, refusal, cancellation);

        var expected = await ExpectedLoginAsync(startup.User, cancellation);
        if (expected == ExpectedLogin.Trusted
            && await VerifyTokenAsync(stream, startup.User, cancellation) is IamTokenVerdict.Refused refused)
            return await RefuseAsync(stream, IamRefusal(startup.User, refused), cancellation);

        if (options.Reserve is { } reserve && (Slot = reserve.TryEnter(startup.User)) is null)
            return await RefuseAsync(stream, OnlyReservedSlots, cancellation);

        return await LogInAtServerAsync(stream, startup, expected, cancellation);
    }

    private async Task<ExpectedLogin> ExpectedLoginAsync(string user, CancellationToken cancellation)
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

    private async Task<IamTokenVerdict> VerifyTokenAsync(Stream stream, string user, CancellationToken cancellation)
    {
        await stream.WriteAsync(Message.AuthenticationCleartextRequest.Packet, cancellation);
        var password = (await Message.ReadAsync(stream, cancellation)).PasswordText;
        var expectation = new IamTokenExpectation
        {
            Host = options.PublicHost,
            Port = gate.PublicPort,
            User = user,
            Region = options.Region,
            Credentials = options.Credentials,
        };
        return IamTokenVerifier.Verify(password, expectation, options.Time.GetUtcNow());
    }

    private async Task<RelayEnd?> LogInAtServerAsync(
        Stream stream, StartupMessage startup, ExpectedLogin expected, CancellationToken cancellation)
    {
        var socket = await BackendSocket.ConnectAsync(gate.Backend, client, cancellation);
        var open = false;
        try
        {
            var server = new NetworkStream(socket, ownsSocket: false);
            await server.WriteAsync(startup.Packet, cancellation);
            switch (await BackendLogin.RelayAsync(stream, server, expected, cancellation))
            {
                case BackendAnswer.LoggedIn:
                    report(GateEventKind.Authenticated, null, null);
                    open = true;
                    return new RelayEnd(server, socket);
                case BackendAnswer.RefusedByServer refused:
                    report(GateEventKind.Refused, $"backend-{refused.SqlState}", "the server's own refusal");
                    return null;
                case BackendAnswer.Unexpected:
                    return await RefuseAsync(stream, UnexpectedLogin(expected), cancellation);
                default:
                    throw new InvalidOperationException("A backend's answer without a consequence.");
            }
        }
        finally
        {
            if (!open) socket.Dispose();
        }
    }

    private static GateRefusal OnlyReservedSlots => new("slots-reserved", "53300",
        "remaining connection slots are reserved for non-replication superuser and rds_superuser connections",
        "every slot of ordinary roles is taken");

    // RDS asks for tokens through PAM, and tells the client no more than that; RDS Proxy has its own words.
    private GateRefusal IamRefusal(string user, IamTokenVerdict.Refused refused) => options.Kind == GateKind.Proxy
        ? new(refused.Reason, "28P01",
            $"The IAM authentication failed for the role {user}. Check the IAM token for this role and try again.", refused.Sentence)
        : new(refused.Reason, "28000", $"PAM authentication failed for user \"{user}\"", refused.Sentence);

    private static GateRefusal UnexpectedLogin(ExpectedLogin expected) => expected == ExpectedLogin.None
        ? new("membership-unknown", "58000", "the lab could not tell whether the user logs in with a token",
            "the question whether the user is a member of rds_iam failed, and the server refused nothing by itself")
        : new("unexpected-login", "58000", "the lab's endpoint and its server disagree on how the user logs in",
            $"expected of the server's pg_hba.conf: {expected}");

    private async Task<RelayEnd?> RefuseAsync(Stream stream, GateRefusal refusal, CancellationToken cancellation)
    {
        report(GateEventKind.Refused, refusal.Reason, refusal.Detail);
        await stream.WriteAsync(Message.Fatal(refusal.SqlState, refusal.Message).Packet, cancellation);
        return null;
    }
}
