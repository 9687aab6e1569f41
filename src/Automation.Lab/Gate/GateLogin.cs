using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Automation.Lab.Gate.Borrowing;
using Automation.Lab.Gate.Iam;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>From the startup message to "you are in" or to the error that ends the connection.</summary>
/// <param name="gate">The endpoint.</param>
/// <param name="options">Its rules.</param>
/// <param name="socket">The client's connection.</param>
/// <param name="address">The client's address.</param>
internal sealed class GateLogin(DatabaseGate gate, GateOptions options, Socket socket, IPAddress address)
{
    private readonly IServerDoor door = options.Kind switch
    {
        GateKind.Instance => new InstanceDoor(gate, options, address),
        GateKind.Proxy => new ProxyDoor(gate, options, socket, address),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "An endpoint kind without a way in."),
    };

    /// <summary>The slot the session holds, the caller's to give back when the session ends.</summary>
    public IDisposable? Slot { get; private set; }

    /// <returns>The server's side of an open session, the caller's to close; <c>null</c> when the client has been refused.</returns>
    public async Task<IServerSide?> RunAsync(LoginClient client, CancellationToken cancellation)
    {
        var user = client.Startup.User;
        if (StartupRules.Check(options.Kind, gate.Mode, client.Startup, client.Stream is SslStream, address) is { } refusal)
            return await RefuseAsync(client, refusal, cancellation);
        try
        {
            var expected = await door.ExpectedLoginAsync(user, cancellation);
            if (expected == ExpectedLogin.Trusted
                && await VerifyTokenAsync(client.Stream, user, cancellation) is IamTokenVerdict.Refused refused)
                return await RefuseAsync(client, LoginRefusals.Token(options.Kind, user, refused), cancellation);

            if (options.Reserve is { } reserve && (Slot = reserve.TryEnter(user)) is null)
                return await RefuseAsync(client, LoginRefusals.OnlyReservedSlots, cancellation);

            return await door.OpenAsync(client, expected, cancellation);
        }
        catch (TimeoutException)
        {
            return await RefuseAsync(client, LoginRefusals.BorrowTimeout, cancellation);
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

    private static async Task<IServerSide?> RefuseAsync(LoginClient client, GateRefusal refusal, CancellationToken cancellation)
    {
        await client.RefuseAsync(refusal, cancellation);
        return null;
    }
}
