namespace Automation.Lab.Gate;

/// <summary>What a gate has done since its start.</summary>
internal sealed record GateCounts
{
    public required long Accepted { get; init; }

    /// <summary>Logins that ended in a session, by token or by password.</summary>
    public required long Authenticated { get; init; }

    public required long CancelsForwarded { get; init; }

    public required long CancelsIgnored { get; init; }

    /// <summary>Sessions of a proxy's IAM users that RDS Proxy would have pinned, each counted once (here nothing is pinned).</summary>
    public required long Pinned { get; init; }

    /// <summary>Connections held at the moment, logged in or not.</summary>
    public required int Open { get; init; }

    /// <summary>Refused logins by reason code.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }
}
