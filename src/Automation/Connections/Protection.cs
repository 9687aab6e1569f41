namespace Automation.Connections;

/// <summary>Why a session is never ended. Checked again in SQL at the moment of the kill (<see cref="ConnectionSql.Terminate"/>).</summary>
internal enum Protection
{
    /// <summary>The server did not say enough about it.</summary>
    Unknown,
    NotAClient,
    ParallelWorker,
    Superuser,
    Replication,
    RdsRole,
    OurRole,
    ProtectedRole,
    AdvisoryLock,
    Listener,
    Working,
}

internal static class ProtectionRules
{
    internal const string RdsAdmin = "rdsadmin";

    /// <summary>
    /// Begins the names of the roles that RDS runs its own machinery with (<see cref="RdsRoles"/>
    /// and whoever comes next); ending their sessions breaks monitoring, proxies, replicas or what readers forward.
    /// </summary>
    private const string OfRds = "rds";

    /// <summary>Those whose members are RDS's, too, whatever their own name.</summary>
    internal static readonly string[] RdsRoles = [RdsAdmin, "rdsproxyadmin", "rdsrepladmin", "rdstopmgr", "rdswriteforwarduser"];

    /// <summary>The reason this session must be left alone, or <c>null</c> when it may be considered.</summary>
    public static Protection? Of(Session session, ConnectionsPolicy policy, string ourRole) => session switch
    {
        { BackendType: null } or { State: null } or { Role: null } => Protection.Unknown,
        { BackendStart: null } or { StateChange: null } or { Superuser: null } or { Replication: null } => Protection.Unknown,
        { BackendType: not BackendTypes.Client } => Protection.NotAClient,
        { LeaderPid: not null } => Protection.ParallelWorker,
        { Superuser: true } => Protection.Superuser,
        { Replication: true } => Protection.Replication,
        { Role: var role } when role.StartsWith(OfRds, StringComparison.Ordinal) => Protection.RdsRole,
        { Role: var role } when string.Equals(role, ourRole, StringComparison.Ordinal) => Protection.OurRole,
        { InProtectedRole: true } => Protection.ProtectedRole,
        { Role: var role } when policy.Protect.Contains(role, StringComparer.Ordinal) => Protection.ProtectedRole,
        { HoldsAdvisoryLock: true } => Protection.AdvisoryLock,
        { Listens: true } => Protection.Listener,
        { State: SessionStates.Idle or SessionStates.IdleInTransaction or SessionStates.Aborted } => null,
        _ => Protection.Working,
    };

    public static string Sentence(Protection protection) => protection switch
    {
        Protection.Unknown => "the server did not say enough about it",
        Protection.NotAClient => "not a client session",
        Protection.ParallelWorker => "a parallel worker",
        Protection.Superuser => "a superuser's",
        Protection.Replication => "of a role that may replicate (on RDS: any member of rds_superuser)",
        Protection.RdsRole => "RDS's own",
        Protection.OurRole => "the automation's own role",
        Protection.ProtectedRole => "of a protected role",
        Protection.AdvisoryLock => "holds an advisory lock",
        Protection.Listener => "listens for notifications",
        Protection.Working => "working",
        _ => throw new ArgumentOutOfRangeException(nameof(protection), protection, null),
    };
}
