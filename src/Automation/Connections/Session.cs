namespace Automation.Connections;

/// <summary>
/// One row of <c>pg_stat_activity</c> with what the catalogs say about its role and locks. <c>null</c> is "the server did
/// not say" and always protects. The statement's text is never loaded: it may hold data or secrets.
/// </summary>
internal sealed record Session
{
    public required int Pid { get; init; }

    public required DateTimeOffset? BackendStart { get; init; }

    public required string? BackendType { get; init; }

    public required string? State { get; init; }

    /// <summary>Since when it is in <see cref="State"/>, by the server's clock.</summary>
    public required DateTimeOffset? StateChange { get; init; }

    public required string? Role { get; init; }

    public required string? Database { get; init; }

    public required string Application { get; init; }

    /// <summary>The client's IP address; <c>null</c> for a Unix socket, which on RDS means RDS itself.</summary>
    public required string? ClientAddress { get; init; }

    /// <summary>Its transaction has an id: something was written, and ending it rolls that back.</summary>
    public required bool Wrote { get; init; }

    /// <summary>Its transaction goes on, with the locks it took: it holds the lock of its own virtual transaction id.</summary>
    public required bool HoldsTransaction { get; init; }

    /// <summary>
    /// Aborted as a whole: PostgreSQL took its ids and locks away with everything it had done. One that failed after a savepoint is
    /// called aborted, too, and keeps them: ROLLBACK TO brings back what came before.
    /// </summary>
    public bool CanOnlyRollBack => State == SessionStates.Aborted && !Wrote && !HoldsTransaction;

    /// <summary>Not <c>null</c> for a parallel worker.</summary>
    public required int? LeaderPid { get; init; }

    /// <summary><c>null</c> when the role is gone from <c>pg_roles</c>.</summary>
    public required bool? Superuser { get; init; }

    /// <summary>Has REPLICATION or is a member of <c>rds_replication</c>; <c>null</c> when the role is gone.</summary>
    public required bool? Replication { get; init; }

    public required bool HoldsAdvisoryLock { get; init; }

    /// <summary>
    /// Its last statement holds LISTEN. PostgreSQL shows listeners nowhere, so one that ran another statement since cannot
    /// be told from an idle session: README advises to protect such roles by tag.
    /// </summary>
    public required bool Listens { get; init; }

    /// <summary>Its role is, or is a member of, one that the policy protects or that RDS runs its machinery with.</summary>
    public required bool InProtectedRole { get; init; }

    /// <summary>Pids whose locks it waits for, or that wait for them before it.</summary>
    public IReadOnlyList<int> BlockedBy { get; init; } = [];

    public SessionGroup Group => new(Role ?? "", Application, ClientAddress ?? "");
}

/// <summary>What one pool looks like from the server: the same user, application and address.</summary>
internal readonly record struct SessionGroup(string Role, string Application, string Address) : IComparable<SessionGroup>
{
    public int CompareTo(SessionGroup other) =>
        string.CompareOrdinal(Role, other.Role) is var role && role != 0 ? role
        : string.CompareOrdinal(Application, other.Application) is var application && application != 0 ? application
        : string.CompareOrdinal(Address, other.Address);
}
