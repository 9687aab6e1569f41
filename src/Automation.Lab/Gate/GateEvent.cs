using System.Net;

namespace Automation.Lab.Gate;

internal enum GateEventKind
{
    Accepted,
    Authenticated,
    Refused,
    CancelForwarded,
    CancelIgnored,
    Pinned,
    Closed,
}

/// <summary>What happened to one connection, for the lab's own log.</summary>
internal sealed record GateEvent
{
    public required GateEventKind Kind { get; init; }

    /// <summary>Where the client connects from.</summary>
    public required IPEndPoint Client { get; init; }

    /// <summary>The user of the startup message, once it is known.</summary>
    public string? User { get; init; }

    /// <summary>
    /// Of a refusal: a code in kebab-case; the backend's own are <c>backend-</c> and the SQLSTATE. Of an end that was not
    /// regular, or of a pinned session: why.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>The reason as a sentence.</summary>
    public string? Detail { get; init; }
}
