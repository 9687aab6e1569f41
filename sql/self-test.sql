-- Can the automation do its work here? Run as its own role: one row for each thing it must be able to do.
--
--   name          what was checked
--   ok            whether it can
--   what_to_do    what a person must run or set when it cannot, else empty
--
-- Only reads. One statement, PostgreSQL 13 to 18, Amazon RDS and Aurora. See sql/bootstrap.sql for what each right means.
WITH server AS (
    SELECT current_setting('server_version_num')::int / 10000 AS major,
           -- Absent before 16; absent outside RDS; '' when it was set and reset.
           coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int AS reserved,
           coalesce(nullif(current_setting('rds.rds_superuser_reserved_connections', true), ''), '0')::int AS reserved_by_rds
),
-- Roles whose rights it has; by name from the catalog, because naming one that does not exist is an error.
usable AS (
    SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'USAGE')
),
-- Whose passwords it may set, as sql/bootstrap.sql (automation.rotates) noted them on the role.
rotated AS (
    SELECT btrim(name) AS name
    FROM pg_roles r, unnest(string_to_array(substring(shobj_description(r.oid, 'pg_authid') FROM 'sets the passwords of: (.*) \(sql/bootstrap\.sql\)$'), ',')) AS name
    WHERE r.rolname = current_user
),
slots AS (
    SELECT major, reserved, reserved_by_rds,
           reserved > 0 AND 'pg_use_reserved_connections' IN (SELECT rolname FROM usable) AS by_postgres,
           reserved_by_rds > 0 AND EXISTS (SELECT FROM usable WHERE rolname IN ('rds_superuser', 'rds_reserved')) AS by_rds
    FROM server
),
checks (position, name, ok, remedy) AS (
    SELECT 1, 'sees-every-session',
           'pg_read_all_stats' IN (SELECT rolname FROM usable)
               -- RDS may hide the sessions of its own superuser from everybody, whatever they were granted. That is not being
               -- blind: the automation counts them as used slots and never ends them. Any other hidden session is.
               AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type IS NULL AND usename IS DISTINCT FROM 'rdsadmin'),
           format('GRANT pg_monitor TO %I', current_user)
    UNION ALL
    SELECT 2, 'ends-sessions',
           'pg_signal_backend' IN (SELECT rolname FROM usable),
           format('GRANT pg_signal_backend TO %I', current_user)
    UNION ALL
    SELECT 3, 'enters-when-full',
           by_postgres OR by_rds,
           CASE
               WHEN major >= 16 AND reserved > 0 THEN format('GRANT pg_use_reserved_connections TO %I', current_user)
               WHEN reserved_by_rds > 0 THEN format('GRANT rds_superuser TO %I (gives far more than a slot), or keep the '
                   || 'applications below the limit: ALTER DATABASE ... CONNECTION LIMIT', current_user)
                   || CASE WHEN major >= 16 THEN ', or set reserved_connections in the parameter group' ELSE '' END
               WHEN major >= 16 THEN 'set reserved_connections = 2 in the parameter group (static: needs a reboot)'
               ELSE 'keep the applications below the limit: ALTER DATABASE ... CONNECTION LIMIT'
           END
    FROM slots
    UNION ALL
    SELECT 4, 'logs-in-with-iam',
           EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam' AND pg_has_role(oid, 'MEMBER')),
           format('GRANT rds_iam TO %I', current_user)
    UNION ALL
    SELECT 5, 'holds-nothing-more',
           NOT (rolsuper OR rolcreatedb OR rolreplication OR rolbypassrls)
               AND (NOT rolcreaterole OR EXISTS (SELECT FROM rotated))
               AND NOT EXISTS (SELECT FROM pg_roles other WHERE other.rolname <> current_user
                   AND other.rolname NOT IN (SELECT name FROM rotated) AND pg_has_role(other.oid, 'MEMBER WITH ADMIN OPTION'))
               AND NOT EXISTS (SELECT FROM usable WHERE rolname IN ('pg_read_all_data', 'pg_write_all_data',
                   'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'rds_superuser')),
           'run sql/bootstrap.sql again and revoke what it points out'
    FROM pg_roles WHERE rolname = current_user
    UNION ALL
    -- A row for each such role. Before 16 CREATEROLE is enough.
    SELECT 6, format('sets-password-of-%s', rotated.name),
           self.rolcreaterole AND target.oid IS NOT NULL
               AND (major < 16 OR coalesce(pg_has_role(target.oid, 'MEMBER WITH ADMIN OPTION'), false))
               AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_password' AND NOT pg_has_role(oid, 'MEMBER')),
           format('run sql/bootstrap.sql again with automation.rotates, which must name %I', rotated.name)
    FROM rotated JOIN pg_roles self ON self.rolname = current_user CROSS JOIN server
        LEFT JOIN pg_roles target ON target.rolname = rotated.name
)
SELECT name, ok, CASE WHEN ok THEN '' ELSE remedy END AS what_to_do FROM checks ORDER BY position, name;
