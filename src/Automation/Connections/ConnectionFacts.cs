namespace Automation.Connections;

/// <summary>What the server says about its connections at one moment.</summary>
internal sealed record ConnectionFacts
{
    /// <summary>The server's clock: ages of sessions are measured against it, never against ours.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    public required SlotBudget Slots { get; init; }

    /// <summary>Every process in <c>pg_stat_activity</c> except our own session.</summary>
    public required IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>Roles and databases whose own CONNECTION LIMIT is reached.</summary>
    public required IReadOnlyList<ReachedLimit> ReachedLimits { get; init; }

    /// <summary>Names in the policy's <c>protect</c> that are no role on this server: a misspelt one protects nobody.</summary>
    public IReadOnlyList<string> UnknownProtectedRoles { get; init; } = [];

    /// <summary>
    /// Rows without a backend type: what a role without <c>pg_read_all_stats</c> sees of others. Counting only what is
    /// visible would then say "all fine". RDS's own superuser may be hidden from everybody: that is no blindness, its
    /// sessions count as used and are never ended.
    /// </summary>
    public int Hidden => Sessions.Count(session => session.BackendType is null && !IsOfRds(session));

    /// <summary>Slots taken: client backends, whoever owns them. Walsenders have slots of their own since PostgreSQL 12.</summary>
    public int Used => Sessions.Count(session => session.BackendType == BackendTypes.Client || (session.BackendType is null && IsOfRds(session)));

    /// <summary>Client backends that are less than a minute old: how fast clients come back.</summary>
    public int StartedLastMinute =>
        Sessions.Count(session => session.BackendType == BackendTypes.Client && session.BackendStart > MeasuredAt.AddMinutes(-1));

    private static bool IsOfRds(Session session) => session.Role == ProtectionRules.RdsAdmin;
}

/// <summary>A CONNECTION LIMIT that refuses logins with 53300 although slots are free: ending others' sessions will not help.</summary>
/// <param name="Kind"><c>role</c> or <c>database</c>.</param>
/// <param name="Name">Name of the role or database.</param>
/// <param name="Limit">Its limit.</param>
/// <param name="Used">Its sessions.</param>
internal sealed record ReachedLimit(string Kind, string Name, int Limit, int Used);

internal static class BackendTypes
{
    public const string Client = "client backend";
}

internal static class SessionStates
{
    public const string Idle = "idle";
    public const string IdleInTransaction = "idle in transaction";
    public const string Aborted = "idle in transaction (aborted)";
}
