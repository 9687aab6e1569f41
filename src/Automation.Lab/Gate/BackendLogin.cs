using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>How the server must let a user in, given what the gate knows about the user.</summary>
internal enum ExpectedLogin
{
    /// <summary>The gate verified a token: the server lets the user in without asking.</summary>
    Trusted,

    /// <summary>The gate verified nothing: the server must ask for a password itself.</summary>
    Challenged,

    /// <summary>It is not known how the user logs in: only the server's refusal may be passed on.</summary>
    None,
}

/// <summary>How a login at the server ended.</summary>
internal abstract record BackendAnswer
{
    private BackendAnswer()
    {
    }

    public sealed record LoggedIn : BackendAnswer;

    /// <summary>The server said no; the client has not got its words yet.</summary>
    public sealed record RefusedByServer(Message Error) : BackendAnswer;

    /// <summary>The server would have let the user in, or asked, against expectation; the client has got nothing of it.</summary>
    public sealed record Unexpected : BackendAnswer;
}

/// <summary>The part of a session before the server says "you are in": message by message, as the server leads it.</summary>
internal static class BackendLogin
{
    /// <param name="client">Gets the server's messages, and answers.</param>
    /// <param name="server">Leads.</param>
    /// <param name="first">The server's first message.</param>
    /// <param name="expected">How the server must let the user in.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EndOfStreamException">One side left.</exception>
    /// <exception cref="InvalidDataException">One side does not speak the protocol.</exception>
    public static async Task<BackendAnswer> RelayAsync(
        Stream client, Stream server, Message first, ExpectedLogin expected, CancellationToken cancellation)
    {
        var challenged = false;
        for (var message = first; ; message = await Message.ReadAsync(server, cancellation))
        {
            if (message.Type == Message.Authentication)
            {
                var loggedIn = message.AuthenticationCode == Message.AuthenticationOk;
                challenged |= !loggedIn;
                // A server that trusts whom the gate has not checked would be an open door.
                if (expected != (challenged ? ExpectedLogin.Challenged : ExpectedLogin.Trusted)) return new BackendAnswer.Unexpected();
                await client.WriteAsync(message.Packet, cancellation);
                if (loggedIn) return new BackendAnswer.LoggedIn();
                if (message.AuthenticationCode == Message.AuthenticationSaslFinal) continue;
                await server.WriteAsync((await Message.ReadAsync(client, cancellation)).Packet, cancellation);
                continue;
            }
            if (message.Type == Message.ErrorResponse) return new BackendAnswer.RefusedByServer(message);
            await client.WriteAsync(message.Packet, cancellation);
        }
    }
}
