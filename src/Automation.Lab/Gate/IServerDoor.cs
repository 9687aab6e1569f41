namespace Automation.Lab.Gate;

/// <summary>How an endpoint of one kind comes to a session at its server.</summary>
internal interface IServerDoor
{
    /// <summary>How the server must let the user in.</summary>
    /// <exception cref="TimeoutException">The client has waited for a writer long enough.</exception>
    Task<ExpectedLogin> ExpectedLoginAsync(string user, CancellationToken cancellation);

    /// <returns>The server's side of an open session, the caller's to close; <c>null</c> when the client has been refused.</returns>
    /// <exception cref="TimeoutException">The client has waited for a writer long enough.</exception>
    Task<IServerSide?> OpenAsync(LoginClient client, ExpectedLogin expected, CancellationToken cancellation);
}
