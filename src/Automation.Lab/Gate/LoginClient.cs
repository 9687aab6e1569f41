using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>A client that wants to log in: the lab's log hears the answer, then it does. Whoever was told finds it counted.</summary>
/// <param name="Stream">The connection, encrypted or not.</param>
/// <param name="Startup">Who it is and what it wants.</param>
/// <param name="Report">Takes what happened, the reason code and the reason as a sentence.</param>
internal sealed record LoginClient(Stream Stream, StartupMessage Startup, Action<GateEventKind, string?, string?> Report)
{
    public async Task RefuseAsync(GateRefusal refusal, CancellationToken cancellation)
    {
        Report(GateEventKind.Refused, refusal.Reason, refusal.Detail);
        await Stream.WriteAsync(refusal.Error.Packet, cancellation);
    }

    /// <summary>Passes the server's own refusal on.</summary>
    public async Task RefuseAsync(Message error, CancellationToken cancellation)
    {
        Report(GateEventKind.Refused, $"backend-{error.SqlState}", "the server's own refusal");
        await Stream.WriteAsync(error.Packet, cancellation);
    }

    public void Accept() => Report(GateEventKind.Authenticated, null, null);

    /// <summary>Lets the server ask what it has to.</summary>
    /// <returns>Whether it has let the user in; if not, the client has been told.</returns>
    /// <exception cref="EndOfStreamException">One side left.</exception>
    /// <exception cref="InvalidDataException">One side does not speak the protocol.</exception>
    public async Task<bool> AnswerAsync(Stream server, Message first, ExpectedLogin expected, CancellationToken cancellation)
    {
        switch (await BackendLogin.RelayAsync(Stream, server, first, expected, cancellation))
        {
            case BackendAnswer.LoggedIn:
                return true;
            case BackendAnswer.RefusedByServer refused:
                await RefuseAsync(refused.Error, cancellation);
                return false;
            case BackendAnswer.Unexpected:
                await RefuseAsync(LoginRefusals.UnexpectedLogin(expected), cancellation);
                return false;
            default:
                throw new InvalidOperationException("A backend's answer without a consequence.");
        }
    }
}
