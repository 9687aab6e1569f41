namespace Automation.LabTests.Secrets;

/// <summary>How one call of a rotation to the world outside goes wrong.</summary>
internal enum Disturbance
{
    /// <summary>Nothing happened, and the caller is told that it failed.</summary>
    FailsBefore,

    /// <summary>It happened, and the caller is told that it failed; of a statement, that the connection broke.</summary>
    AppliedThenFails,

    /// <summary>No answer until the caller gives up, and nothing happened.</summary>
    TimesOut,

    /// <summary>It happened twice: the SDK's own retry after a lost answer; a login or a statement that came again.</summary>
    RunsTwice,

    /// <summary>The caller gave up, and the server does it after that. Of a password alone.</summary>
    AppliedLate,

    /// <summary>It happened, and the process ended before it heard so.</summary>
    ProcessDies,
}
