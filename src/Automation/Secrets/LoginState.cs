namespace Automation.Secrets;

/// <summary>What a login proved.</summary>
internal enum LoginState
{
    LoggedIn,

    /// <summary>The server looked at the credential and said no.</summary>
    Refused,

    /// <summary>Nothing is known: no answer, a full server, or a login that could not be tried safely. Never a reason to write.</summary>
    Unavailable,
}
