namespace Automation.Storage.Bytes;

/// <summary>
/// Every statement of the byte table, for PostgreSQL 13 to 18, primary or standby. None changes anything, takes a lock that waits
/// for anybody, or pins a session of RDS Proxy (no SET, no temporary table, no named statement, no advisory lock, no text over
/// 16 KB). Names have their schema, so that nobody's function of the same name is called (CVE-2018-1058).
/// </summary>
internal static class StorageSql
{
    private const int NamedInvalidation = 17_0000, Conflicting = 16_0000;

    /// <summary>Version, standby or not, where we are, and how much of <c>pg_stat_activity</c> is kept from us.</summary>
    public const string Server = """
        SELECT pg_catalog.current_setting('server_version_num')::int, pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_database()::text, CURRENT_USER::text,
               (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_stat_activity WHERE backend_type IS NULL),
               (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_stat_activity WHERE leader_pid IS NOT NULL AND leader_pid <> pid)
        """;

    /// <summary>
    /// Every database, with whether it may be looked into: not a template, because a session in one makes CREATE DATABASE fail.
    /// <c>pg_database_size</c> fails for all when one may not be asked for.
    /// </summary>
    public const string Databases = """
        SELECT d.datname::text,
               CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                    THEN pg_catalog.pg_database_size(d.oid) END AS bytes,
               s.temp_bytes,
               d.datallowconn AND NOT d.datistemplate AND d.datname <> 'rdsadmin'
        FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid
        ORDER BY bytes DESC NULLS LAST, d.datname
        """;

    public const string Wal = "SELECT coalesce(pg_catalog.sum(size), 0)::bigint FROM pg_catalog.pg_ls_waldir()";

    public const string Logs = "SELECT coalesce(pg_catalog.sum(size), 0)::bigint FROM pg_catalog.pg_ls_logdir()";

    /// <summary>
    /// Temporary files of every tablespace by session, a worker's as its leader's, with the sum of all. <c>pg_global</c> has none of
    /// its own: asked for, it shows the default's again. Directories are left out by PostgreSQL, and so all of parallel hashes.
    /// </summary>
    public const string Temporary = """
        WITH files AS MATERIALIZED (
          SELECT pg_catalog.substring(f.name, '^pgsql_tmp([0-9]{1,9})')::int AS pid, f.size
          FROM pg_catalog.pg_tablespace t CROSS JOIN LATERAL pg_catalog.pg_ls_tmpdir(t.oid) f
          WHERE t.spcname <> 'pg_global'
        ), users AS (
          SELECT coalesce(w.leader_pid, f.pid) AS pid, pg_catalog.sum(f.size)::bigint AS bytes, pg_catalog.count(*)::int AS files
          FROM files f LEFT JOIN pg_catalog.pg_stat_activity w ON w.pid = f.pid
          GROUP BY 1
        )
        SELECT pg_catalog.sum(u.bytes) OVER ()::bigint, u.pid, u.bytes, u.files, a.usename::text, a.application_name,
               pg_catalog.host(a.client_addr), a.datname::text, a.query_start, a.backend_start
        FROM users u LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = u.pid
        ORDER BY u.bytes DESC, u.pid LIMIT 20
        """;

    /// <summary>
    /// Everything that vacuum waits for. A transaction that only wrote has no <c>backend_xmin</c> and holds all the same, so the
    /// older of its two numbers counts. A walsender's is its standby's, and told once. A vacuum holds up no other vacuum, however
    /// long it takes.
    /// </summary>
    public const string XminHolders = """
        SELECT h.kind, h.id, pg_catalog.age(h.x), h.datname, h.role, h.application, h.address, h.state, h.since, h.backend_start
        FROM (
          SELECT 'Backend' AS kind, pid::text AS id,
                 CASE WHEN coalesce(pg_catalog.age(backend_xid), -1) > coalesce(pg_catalog.age(backend_xmin), -1) THEN backend_xid ELSE backend_xmin END AS x,
                 datname::text AS datname, usename::text AS role, application_name AS application,
                 pg_catalog.host(client_addr) AS address, state, xact_start AS since, backend_start
          FROM pg_catalog.pg_stat_activity
          WHERE backend_type <> 'walsender' AND pid <> pg_catalog.pg_backend_pid() AND (leader_pid IS NULL OR leader_pid = pid)
            AND pid NOT IN (SELECT pid FROM pg_catalog.pg_stat_progress_vacuum)
          UNION ALL
          SELECT 'StandbyFeedback', application_name, backend_xmin, NULL, usename::text, application_name, pg_catalog.host(client_addr), state, backend_start, NULL
          FROM pg_catalog.pg_stat_replication
          UNION ALL
          SELECT 'PreparedTransaction', gid, transaction, database::text, owner::text, NULL, NULL, NULL, prepared, NULL
          FROM pg_catalog.pg_prepared_xacts
          UNION ALL
          SELECT 'SlotXmin', slot_name::text, xmin, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM pg_catalog.pg_replication_slots
          UNION ALL
          SELECT 'SlotCatalogXmin', slot_name::text, catalog_xmin, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM pg_catalog.pg_replication_slots
        ) h
        WHERE h.x IS NOT NULL
        ORDER BY pg_catalog.age(h.x) DESC, h.kind, h.id LIMIT 20
        """;

    /// <summary>
    /// The largest relations of this database, which shared catalogs are not; a partition counts for the table it is of. What somebody holds or awaits the
    /// strongest lock on (VACUUM FULL, ALTER TABLE) is not asked for its size, which would wait behind them: the catalog's own
    /// number is taken, as old as the last vacuum. Large objects are told elsewhere.
    /// </summary>
    public const string Relations = """
        WITH locked AS MATERIALIZED (
          SELECT DISTINCT coalesce(t.oid, l.relation) AS oid
          FROM (SELECT coalesce(i.indrelid, k.relation) AS relation
                FROM pg_catalog.pg_locks k LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.relation
                WHERE k.locktype = 'relation' AND k.mode = 'AccessExclusiveLock'
                  AND k.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) l
          LEFT JOIN pg_catalog.pg_class t ON t.reltoastrelid = l.relation
        ), parts AS MATERIALIZED (
          SELECT coalesce(pg_catalog.pg_partition_root(c.oid)::oid, c.oid) AS root, k.oid IS NOT NULL AS locked,
                 CASE WHEN k.oid IS NULL THEN pg_catalog.pg_total_relation_size(c.oid)
                      ELSE pg_catalog.current_setting('block_size')::bigint * (c.relpages
                           + coalesce((SELECT pg_catalog.sum(x.relpages) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), 0)
                           + coalesce((SELECT x.relpages FROM pg_catalog.pg_class x WHERE x.oid = c.reltoastrelid), 0)) END::bigint AS bytes,
                 CASE WHEN k.oid IS NULL THEN pg_catalog.pg_indexes_size(c.oid) ELSE 0 END AS indexes,
                 CASE WHEN k.oid IS NULL THEN pg_catalog.pg_relation_size(c.oid) ELSE 0 END AS heap,
                 pg_catalog.pg_stat_get_live_tuples(c.oid) AS live, pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead
          FROM pg_catalog.pg_class c LEFT JOIN locked k ON k.oid = c.oid
          WHERE c.relkind IN ('r', 'm') AND NOT c.relisshared AND c.relname NOT IN ('pg_largeobject', 'pg_largeobject_metadata')
        )
        SELECT n.nspname::text, c.relname::text,
               CASE WHEN c.relkind = 'p' THEN 'partitioned table' WHEN c.relkind = 'm' THEN 'materialized view'
                    WHEN c.relpersistence = 't' THEN 'temporary table' ELSE 'table' END,
               p.bytes, p.indexes, CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN p.dead END, p.locked
        FROM (SELECT root, pg_catalog.sum(bytes)::bigint AS bytes, pg_catalog.sum(indexes)::bigint AS indexes, pg_catalog.bool_or(locked) AS locked,
                     pg_catalog.sum(heap::numeric * dead / nullif(live + dead, 0))::bigint AS dead
              FROM parts WHERE bytes IS NOT NULL GROUP BY root) p
        JOIN pg_catalog.pg_class c ON c.oid = p.root JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        ORDER BY p.bytes DESC, n.nspname, c.relname LIMIT 20
        """;

    /// <summary>Their rows are not ours to read; their size is.</summary>
    public const string LargeObjects = """
        SELECT pg_catalog.pg_total_relation_size('pg_catalog.pg_largeobject'::regclass)
               + pg_catalog.pg_total_relation_size('pg_catalog.pg_largeobject_metadata'::regclass)
        """;

    /// <summary>
    /// Slots, with the session that has them and how many there are. A lost slot keeps no WAL and has no number for it: NULL, which
    /// <c>greatest</c> would make 0.
    /// </summary>
    /// <param name="version"><c>server_version_num</c>.</param>
    public static string Slots(int version) => $"""
        SELECT pg_catalog.count(*) OVER ()::int, s.slot_name::text, s.slot_type, s.database::text, s.plugin::text, s.active, s.active_pid,
               s.wal_status, s.safe_wal_size, s.retained, {(version >= NamedInvalidation ? "s.inactive_since" : "NULL::timestamptz")},
               {(version >= NamedInvalidation ? "s.invalidation_reason" : version >= Conflicting ? "CASE WHEN s.conflicting THEN 'conflicting' END" : "NULL::text")},
               pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin), s.temporary,
               a.usename::text, a.application_name, pg_catalog.host(a.client_addr), a.backend_start
        FROM (SELECT *, CASE WHEN wal_status <> 'lost' AND restart_lsn IS NOT NULL THEN greatest(0, pg_catalog.pg_wal_lsn_diff(
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
                restart_lsn))::bigint END AS retained
              FROM pg_catalog.pg_replication_slots) s
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
        ORDER BY s.retained DESC NULLS LAST, s.slot_name LIMIT 20
        """;
}
