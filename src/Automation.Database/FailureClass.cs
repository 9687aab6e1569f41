namespace Automation.Database;

/// <summary>Why the database did not answer, as far as it decides what to do next.</summary>
public enum FailureClass
{
    /// <summary>None of the others; do not guess.</summary>
    Other,

    /// <summary>Every slot this role may use is taken (53300). Ending other sessions would help.</summary>
    SlotsExhausted,

    /// <summary>The role's own CONNECTION LIMIT (also 53300). Ending other roles' sessions would not help.</summary>
    RoleLimit,

    /// <summary>The database's own CONNECTION LIMIT (also 53300). Ending sessions in other databases would not help.</summary>
    DatabaseLimit,

    /// <summary>The login was refused (28000, 28P01), could not be attempted safely, or there was nothing to log in with.</summary>
    Authentication,

    /// <summary>A reader, or a writer that was demoted (25006).</summary>
    ReadOnly,

    /// <summary>The session was ended by the server: a restart, a failover or a crash (57P01, 57P02).</summary>
    ShuttingDown,

    /// <summary>The server is there but not accepting sessions: starting, stopping or recovering (57P03).</summary>
    StartingUp,

    /// <summary>No answer: name resolution, network or time.</summary>
    Unreachable,

    /// <summary>The server could not prove that it is the one asked for. Nothing secret was sent to it.</summary>
    TlsNotVerified,

    /// <summary>The connection broke while a change was being made (also 08007): it may have happened or not.</summary>
    UnknownOutcome,
}
