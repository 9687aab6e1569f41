namespace Automation.Lab.Account;

/// <summary>How a call to AWS goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>Refused with the service's throttling error; nothing happened.</summary>
    Throttle,

    /// <summary>HTTP 500; nothing happened.</summary>
    InternalError,

    /// <summary>No answer until the caller gives up; nothing happened.</summary>
    Silence,

    /// <summary>The connection ends without an answer; nothing happened.</summary>
    Drop,

    /// <summary>It happened, and the caller is told HTTP 500.</summary>
    ApplyThenInternalError,

    /// <summary>It happened, and the caller never hears.</summary>
    ApplyThenDrop,
}

/// <summary>A fault to inject.</summary>
internal sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>The signing name, or <c>null</c> for any service.</summary>
    public string? Service { get; init; }

    /// <summary>The action, or <c>null</c> for any.</summary>
    public string? Action { get; init; }

    /// <summary>The access keys of those whose calls fail, or <c>null</c> for everybody's.</summary>
    public IReadOnlySet<string>? Callers { get; init; }

    /// <summary>How many calls that fit pass before the first fault.</summary>
    public int After { get; init; }

    /// <summary>
    /// How many calls then fail. The SDK's own retries count as calls, and a dropped connection is tried again at least once
    /// even by a client that is told not to retry.
    /// </summary>
    public int Times { get; init; } = 1;

    /// <summary>The chance of each of these calls to fail.</summary>
    public double Probability { get; init; } = 1;
}
