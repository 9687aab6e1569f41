namespace Automation.Lab.Gate;

/// <summary>The server's side of an open session.</summary>
internal interface IServerSide
{
    /// <summary>Carries what both sides say until the session ends.</summary>
    /// <returns>
    /// <c>true</c> when the session came to an end that the client has been told of; <c>false</c> when the client vanished or
    /// the server's connection broke, so that nobody can be told.
    /// </returns>
    Task<bool> CarryAsync(RelayEnd client, CancellationToken cancellation);

    /// <summary>Closes what is still open towards the server.</summary>
    void Close(bool regular);
}
