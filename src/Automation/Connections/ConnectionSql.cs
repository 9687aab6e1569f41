namespace Automation.Connections;

/// <summary>
/// Every statement RelieveConnections sends. All run on PostgreSQL 13 to 18 as the automation role (a test does so), over
/// one unpooled session on the instance endpoint, so SET is harmless here. No statement carries a value in its text.
/// </summary>
internal static class ConnectionSql
{
    /// <summary>
    /// Our own session must never wait long or be what it fights, and nobody's function may stand in for one it calls
    /// (CVE-2018-1058), whatever the role's own settings are.
    /// </summary>
    public const string PrepareSession = """
        SET search_path = pg_catalog, pg_temp;
        SET statement_timeout = '10s';
        SET lock_timeout = '2s';
        SET idle_in_transaction_session_timeout = '30s';
        """;

    /// <summary>The server's clock, who we are, its version, its slots, and whether it takes no writes.</summary>
    public const string Slots = """
        SELECT clock_timestamp(), current_user::text, current_setting('server_version_num')::int,
               current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int,
               coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int,
               coalesce(nullif(current_setting('rds.rds_superuser_reserved_connections', true), ''), '0')::int,
               pg_is_in_recovery()
        """;

    /// <summary>
    /// Every process but our own. Who blocks whom is asked for the 100 longest waits only: behind one hot row every waiter
    /// names all before it, and 2,000 of them would name two million. Parameter: 1 protected roles, separated by <c>/</c>.
    /// </summary>
    public const string Sessions = $"""
        SELECT a.pid, a.backend_start, a.backend_type, a.state, a.state_change, a.usename::text, a.datname::text,
               coalesce(a.application_name, ''), host(a.client_addr), a.backend_xid IS NOT NULL, a.leader_pid,
               r.rolsuper, {Replicates}, coalesce(l.advisory, false), coalesce({Listens}, false), coalesce({InProtectedRole}, false),
               CASE WHEN a.wait_event_type = 'Lock' AND a.place <= 100 THEN array_to_string(pg_blocking_pids(a.pid), ',') ELSE '' END,
               coalesce(l.transaction, false)
        FROM (SELECT *, row_number() OVER (PARTITION BY wait_event_type ORDER BY state_change) AS place FROM pg_stat_activity) a
        LEFT JOIN pg_roles r ON r.oid = a.usesysid
        LEFT JOIN (SELECT pid, bool_or(locktype = 'advisory') AS advisory, bool_or(locktype = 'virtualxid' AND mode = 'ExclusiveLock') AS transaction
                   FROM pg_locks WHERE locktype IN ('advisory', 'virtualxid') GROUP BY pid) l ON l.pid = a.pid
        WHERE a.pid <> pg_backend_pid()
        """;

    /// <summary>Roles and databases at a CONNECTION LIMIT of their own.</summary>
    public const string ReachedLimits = """
        SELECT 'role', r.rolname::text, r.rolconnlimit, count(*)::int
        FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.backend_type = 'client backend' AND r.rolconnlimit >= 0 AND NOT r.rolsuper AND r.rolname <> current_user
        GROUP BY r.rolname, r.rolconnlimit HAVING count(*) >= r.rolconnlimit
        UNION ALL
        SELECT 'database', d.datname::text, d.datconnlimit, count(*)::int
        FROM pg_stat_activity a JOIN pg_database d ON d.oid = a.datid
        WHERE a.backend_type = 'client backend' AND d.datconnlimit >= 0
        GROUP BY d.datname, d.datconnlimit HAVING count(*) >= d.datconnlimit
        ORDER BY 1, 2
        """;

    /// <summary>Which of the protected names are no role. Parameter: 1 protected roles, separated by <c>/</c>.</summary>
    public const string UnknownRoles =
        "SELECT name FROM unnest(string_to_array($1, '/')) name WHERE to_regrole(quote_ident(name)) IS NULL ORDER BY 1";

    /// <summary>
    /// Ends one session, if it is still the very session that was chosen, in the very state, for as long, and still not
    /// protected. Null or no row: the world changed, and nothing was done. One pid per statement, because an error of
    /// <c>pg_terminate_backend</c> does not undo the signals sent before it.
    /// The locks come first, as a plan of their own: PostgreSQL copies <c>pg_stat_activity</c> at its first use and
    /// <c>pg_locks</c> may take long, so the other way round a session that went back to work meanwhile would be ended. One
    /// that takes an advisory lock in between is no longer in its state since the same moment.
    /// Parameters: 1 pid, 2 backend_start, 3 state, 4 state_change, 5 role, 6 least seconds in the state, 7 roles never to
    /// be touched, nor their members, separated by <c>/</c> (no role name of a policy holds one).
    /// </summary>
    public const string Terminate = TerminateStart + "pg_terminate_backend(a.pid, 3000)" + TerminateEnd;

    /// <summary>The same before PostgreSQL 14, which cannot wait for the end of the session.</summary>
    public const string TerminateBefore14 = TerminateStart + "pg_terminate_backend(a.pid)" + TerminateEnd;

    /// <summary>Whether a session is still there after a moment's wait; parameters: 1 pid, 2 backend_start.</summary>
    public const string StillThere = """
        SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2) FROM pg_sleep(0.05)
        """;

    private const string TerminateStart = """
        WITH advisory AS MATERIALIZED (SELECT FROM pg_locks WHERE pid = $1 AND locktype = 'advisory')
        SELECT CASE WHEN NOT EXISTS (SELECT FROM advisory) THEN (
          SELECT 
        """;

    private const string TerminateEnd = $"""

          FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
          WHERE a.pid = $1 AND a.backend_start = $2 AND a.state = $3 AND a.state_change = $4 AND a.usename = $5
            AND a.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
            AND a.state_change <= clock_timestamp() - make_interval(secs => $6)
            AND a.backend_type = 'client backend' AND a.leader_pid IS NULL
            AND a.pid <> pg_backend_pid() AND a.usename <> current_user AND NOT starts_with(a.usename::text, 'rds')
            AND NOT r.rolsuper AND NOT {Replicates}
            AND a.usename <> ALL (string_to_array($7, '/')) AND NOT {InUntouchableRole}
            AND NOT {Listens}) END
        """;

    /// <summary>On RDS nobody has REPLICATION; membership of <c>rds_replication</c> stands for it.</summary>
    private const string Replicates =
        "(r.rolreplication OR coalesce(pg_has_role(r.oid, to_regrole('rds_replication')::oid, 'MEMBER'), false))";

    private const string InProtectedRole = InAnyOf + "$1" + OrMemberOfIt;

    private const string InUntouchableRole = InAnyOf + "$7" + OrMemberOfIt;

    private const string InAnyOf = "EXISTS (SELECT FROM unnest(string_to_array(";

    private const string OrMemberOfIt = ", '/')) p "
        + "WHERE to_regrole(quote_ident(p)) IS NOT NULL AND pg_has_role(r.oid, to_regrole(quote_ident(p))::oid, 'MEMBER'))";

    private const string Listens = @"(a.query ~* '\mlisten\M')";
}
