namespace Automation.Lab.Secrets;

/// <summary>How one login ended.</summary>
internal enum LoginResult
{
    Ok,

    /// <summary>28P01: the password is wrong.</summary>
    Refused,

    /// <summary>Anything else: no server, no slot, no answer in time, no secret.</summary>
    Error,
}

/// <summary>One login of the application.</summary>
internal sealed record LoginAttempt
{
    /// <summary>When it began, the reading of the secret included.</summary>
    public required DateTimeOffset At { get; init; }

    public required TimeSpan Duration { get; init; }
    public required LoginResult Result { get; init; }

    /// <summary>The version of the secret that the login used last; <c>null</c> when none could be read.</summary>
    public string? VersionId { get; init; }

    /// <summary>What it was refused with; never the password.</summary>
    public string? Error { get; init; }

    /// <summary>The password that the application had kept was refused, and it read the secret again.</summary>
    public bool ReadAgain { get; init; }
}
