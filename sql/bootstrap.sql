-- The automation's database role, with exactly what it needs. PostgreSQL 13 to 18, Amazon RDS and Aurora.
--
-- Run it as the master user (or another CREATEROLE role that may grant what is below), once for every instance or
-- cluster, in the database the automation connects to; again whenever you like: it changes nothing that is right already.
--
--   psql "host=ENDPOINT user=postgres dbname=postgres sslmode=verify-full sslrootcert=src/Automation.Database/Certificates/rds-roots.pem" \
--     -v ON_ERROR_STOP=1 -f sql/bootstrap.sql -f -
--
-- The last -f - leaves the session open. On 16 and later, see in it with \! psql that the master user still logs in with its
-- password before you end it, and REVOKE rds_iam FROM automation if not (docs/deploy.md, "Opting a database in").
--
-- It is one statement in plain SQL: any client can send it, and it happens completely or not at all. Five settings change
-- what it does; set them in the same session, with psql by `-c "SET automation.role = 'healer'"` before `-f`:
--
--   automation.role            name of the role; default 'automation' (the functions' DATABASE_USER)
--   automation.adopt           'on': take over a role that exists but was not made by this script; default 'off', see below
--   automation.reserved_role   one more role that opens reserved connection slots; default none, see "The last slots"
--   automation.rotates         'orders_a, orders_b': roles whose passwords it may set, separated by commas, written as they are
--                              (no quotes); default none, see "Passwords of others"
--   automation.tests_failover  'on': CREATE on this database, for the schema that a failover test makes and drops; only on
--                              databases that are tested; default 'off'
--
-- A role that exists already
--
--   The script knows its own role by the comment it leaves on it. Any other role of that name may be an application's, which
--   would lose its password here: it is refused and left as it is. Choose another name, or, when you made the role for the
--   automation yourself, SET automation.adopt = 'on'. A role that owns anything, in any database, is refused in any case.
--
-- What the role gets
--
--   LOGIN, no password         The function logs in with an IAM token (15 minutes, over TLS).
--   rds_iam                    Lets RDS ask IAM instead of for a password. Does not give any right inside the database.
--   pg_monitor                 Shows every session's state, user, age and query, all settings, sizes, WAL and replication
--                              slots. Without it other users' sessions look empty, and "nothing to do" would be a lie.
--                              Does not read a row of any table. Query texts may hold what your applications put in them.
--   pg_signal_backend          Cancels a query or ends a session of an ordinary role. Not of a superuser (rdsadmin).
--   pg_use_reserved_connections   (16 and later) Logs in when reserved_connections are the only slots left.
--
-- What it does not get: ownership, CREATE (but see automation.tests_failover), SELECT or any other right on your data,
-- CREATEROLE, CREATEDB, REPLICATION, BYPASSRLS, or ADMIN OPTION on anything (but see "Passwords of others"). On 16 and later it
-- cannot SET ROLE to the pg_ roles either; it only has what they allow.
--
-- Passwords of others
--
--   RotateSecret needs none of this where a role changes its own password (single user), or where a secret of an administrator
--   does it (masterarn). To let it use its IAM login instead, name the roles: automation.rotates. The automation then gets
--   * CREATEROLE, and on 16 and later ADMIN OPTION on exactly these roles, without INHERIT and SET: it has none of their rights,
--     but it could give itself these roles, as whoever sets a password could log in with it. CREATEROLE also makes new roles.
--   * rds_password, where it exists: with rds.restrict_password_commands = 1 only its members set passwords.
--   BEFORE 16, CREATEROLE KNOWS NO LIMIT: it can set the password of every role that is not a superuser, the master user's too,
--   and make itself a member of any. The names in automation.rotates bind nobody there: RotateSecret changes the roles that
--   tagged secrets name.
--   Named roles must exist and log in. Refused are superusers and other administrators (CREATEROLE, REPLICATION, members of
--   rds_superuser, roles with ADMIN OPTION on another), roles of PostgreSQL and RDS, and whoever runs this. Name all roles of
--   this server each time: what was given for others is taken back, and a NOTICE says so.
--
-- The last slots
--
--   When applications hold every slot, the automation must still get in.
--   * 16 and later: pg_use_reserved_connections, and reserved_connections > 0 in the parameter group (static: a reboot).
--   * RDS keeps rds.rds_superuser_reserved_connections (default 2) for itself and members of rds_superuser; its refusal may
--     name a role "rds_reserved". These are RDS's own. Membership of rds_superuser is far more than a slot (from some
--     versions on it reads and writes all data), so it is given only when you ask: SET automation.reserved_role = 'rds_superuser'.
--   * Everywhere, without any such right: keep the applications below the limit and leave the automation's database alone,
--     for example ALTER DATABASE orders CONNECTION LIMIT 90 where max_connections is 100. Then slots remain for it.
--   sql/self-test.sql, run as the automation's role, says whether it would get in.
--
-- To take everything back: REVOKE ALL ON DATABASE ... FROM automation; wherever it was granted CONNECT, and DROP ROLE automation; (it owns
-- nothing; where automation.tests_failover was on, run this script without
-- it first). To take back one thing: REVOKE pg_signal_backend FROM automation; from 16 on only who granted it can (this script's
-- runner, or a role it is a member of).

DO $bootstrap$
DECLARE
    major       constant int  := current_setting('server_version_num')::int / 10000;
    -- An unset setting is NULL; once set and reset it is ''.
    automation  constant text := coalesce(nullif(current_setting('automation.role', true), ''), 'automation');
    adopt       constant text := coalesce(nullif(current_setting('automation.adopt', true), ''), 'off');
    slot_role   constant text := nullif(current_setting('automation.reserved_role', true), '');
    rotates     constant text[] := coalesce((SELECT array_agg(DISTINCT btrim(name) ORDER BY btrim(name))
        FROM unnest(string_to_array(nullif(btrim(current_setting('automation.rotates', true)), ''), ',')) AS name), '{}');
    tests       constant text := coalesce(nullif(current_setting('automation.tests_failover', true), ''), 'off');
    -- Carried by a role that this script made; what follows the colon is for people.
    mark        constant text := 'rds-automation: ';
    required    text[] := ARRAY['rds_iam', 'pg_monitor', 'pg_signal_backend'];
    optional    text[] := ARRAY[]::text[];
    wanted      text;
    options     text;
    refused     text[] := ARRAY[]::text[];
    surplus     text;
    role        pg_roles%ROWTYPE;
    target      pg_roles%ROWTYPE;
    told        text;
    granted     record;
    released    text[] := ARRAY[]::text[];
    lost        text;
    owned       bigint;
BEGIN
    IF octet_length(automation) > 63 OR automation ~ '^(pg_|rds)' OR automation IN ('postgres', 'public', 'none') THEN
        RAISE EXCEPTION 'automation.role must name a role of the automation''s own, of at most 63 bytes, not "%"', automation
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A member of rds_iam can no longer log in with a password: never the one who runs this.
    IF automation IN (current_user, session_user) THEN
        RAISE EXCEPTION 'automation.role is "%", the role that runs this script', automation
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Run it as the master user.';
    END IF;
    IF tests NOT IN ('on', 'off') THEN
        RAISE EXCEPTION 'automation.tests_failover must be on or off, not "%"', tests USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF adopt NOT IN ('on', 'off') THEN
        RAISE EXCEPTION 'automation.adopt must be on or off, not "%"', adopt USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF slot_role NOT IN ('rds_superuser', 'rds_reserved') THEN
        RAISE EXCEPTION 'automation.reserved_role must be rds_superuser or rds_reserved, not "%"', slot_role
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    FOREACH wanted IN ARRAY rotates LOOP
        SELECT * INTO target FROM pg_roles WHERE rolname = wanted;
        options := CASE
            WHEN wanted = '' THEN 'is empty'
            WHEN wanted ~ '^(pg_|rds)' THEN 'is a role of PostgreSQL or RDS'
            WHEN wanted = automation THEN 'is the automation''s own role, which has no password'
            WHEN wanted IN (current_user, session_user) THEN 'is the role that runs this script'
            WHEN target.rolname IS NULL THEN 'does not exist'
            WHEN NOT target.rolcanlogin THEN 'does not log in: it has no use for a password'
            WHEN target.rolsuper OR target.rolcreaterole OR target.rolreplication
                OR pg_has_role(target.oid, to_regrole('rds_superuser'), 'MEMBER') THEN 'is an administrator'
            -- From 16 on ADMIN OPTION reaches through other roles, inherited or not: what this role may change, the automation could.
            WHEN EXISTS (SELECT FROM pg_auth_members m WHERE m.admin_option AND pg_has_role(target.oid, m.member, 'MEMBER'))
                THEN 'has ADMIN OPTION on another role'
        END;
        IF options IS NOT NULL THEN
            RAISE EXCEPTION 'automation.rotates: "%" %', wanted, options
                USING ERRCODE = 'invalid_parameter_value', HINT = 'It names roles of applications that log in with a password, separated by commas.';
        END IF;
    END LOOP;

    -- Two of these at once would fail with "tuple concurrently updated".
    PERFORM pg_advisory_xact_lock(hashtext('rds-automation bootstrap'));

    -- The role itself.
    SELECT * INTO role FROM pg_roles WHERE rolname = automation;
    IF role.rolsuper OR role.rolreplication OR role.rolbypassrls THEN
        -- Only a superuser may take these away, and a role that has them is somebody else's.
        RAISE EXCEPTION 'role "%" exists and is a superuser or has REPLICATION or BYPASSRLS', automation
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Choose another name (automation.role), or take these attributes away first.';
    END IF;
    -- Of every database of the server, whichever this is; what owns something does other work than ours. But a failover test
    -- makes a schema, and one that broke off leaves it to the next.
    SELECT count(*) INTO owned FROM pg_shdepend
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = role.oid AND deptype = 'o'
      AND NOT (dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND objid IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'automation_failover_test'
                             UNION ALL
                             SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                             WHERE n.nspname = 'automation_failover_test' AND c.relname = 'writes'));
    IF owned > 0 THEN
        RAISE EXCEPTION 'role "%" exists and owns objects (% on this server): the automation''s role owns nothing', automation, owned
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Choose another name: SET automation.role = ''...''.';
    END IF;
    told := coalesce(shobj_description(role.oid, 'pg_authid'), '');
    IF role.rolname IS NOT NULL AND adopt = 'off' AND told NOT LIKE mark || '%' THEN
        RAISE EXCEPTION 'role "%" exists and was not made by this script: it may be somebody else''s, who would lose its password', automation
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Choose another name: SET automation.role = ''...''. '
                      || 'Or, when this role really is meant for the automation: SET automation.adopt = ''on''.';
    END IF;
    BEGIN
        IF role.rolname IS NULL THEN
            EXECUTE format('CREATE ROLE %I', automation);
        END IF;
        -- INHERIT: it must have what pg_monitor allows without asking first. The limit keeps the automation from being the storm.
        EXECUTE format('ALTER ROLE %I LOGIN INHERIT CONNECTION LIMIT 10 PASSWORD NULL VALID UNTIL ''infinity''', automation);
        IF role.rolcreatedb THEN EXECUTE format('ALTER ROLE %I NOCREATEDB', automation); END IF;
        IF rotates <> '{}' AND NOT coalesce(role.rolcreaterole, false) THEN
            EXECUTE format('ALTER ROLE %I CREATEROLE', automation);
        ELSIF rotates = '{}' AND role.rolcreaterole THEN
            EXECUTE format('ALTER ROLE %I NOCREATEROLE', automation);
        END IF;

        -- Its own sessions must never hang or hold anything: a Lambda function may be frozen or ended at any moment.
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''15s''', automation);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = ''2s''', automation);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''10s''', automation);
        IF major >= 14 THEN
            EXECUTE format('ALTER ROLE %I SET idle_session_timeout = ''5min''', automation);
        END IF;
        -- Nobody can put a function of theirs in the way of the ones it calls (CVE-2018-1058).
        EXECUTE format('ALTER ROLE %I SET search_path = pg_catalog, pg_temp', automation);
        -- sql/self-test.sql reads the names from here.
        EXECUTE format('COMMENT ON ROLE %I IS %L', automation, mark || 'watches and relieves this server'
            || CASE WHEN rotates <> '{}' THEN '; sets the passwords of: ' || array_to_string(rotates, ', ') ELSE '' END
            || ' (sql/bootstrap.sql)');
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION '"%" may not create or change the role "%": %', current_user, automation, SQLERRM
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('Run this as the master user. If the role exists and was created by another one, from version 16 on '
                             || 'that one must first: GRANT %I TO %I WITH ADMIN OPTION', automation, current_user);
    END;

    -- What it may do.
    IF major >= 16 THEN optional := optional || 'pg_use_reserved_connections'::text; END IF;
    IF slot_role IS NOT NULL THEN required := required || slot_role; END IF;
    IF to_regrole('rds_iam') IS NULL THEN
        RAISE WARNING 'there is no role rds_iam: this is not RDS, and IAM tokens do not log in here';
        required := array_remove(required, 'rds_iam');
    END IF;
    IF rotates <> '{}' AND to_regrole('rds_password') IS NOT NULL THEN required := required || 'rds_password'::text; END IF;

    FOREACH wanted IN ARRAY required || optional LOOP
        IF to_regrole(wanted) IS NULL THEN
            refused := refused || wanted;
            CONTINUE;
        END IF;
        options := '';
        IF major >= 16 AND wanted LIKE 'pg\_%' THEN
            CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members m
                WHERE m.roleid = to_regrole(wanted) AND m.member = to_regrole(quote_ident(automation))
                  AND m.inherit_option AND NOT m.set_option AND NOT m.admin_option);
            options := ' WITH INHERIT TRUE, SET FALSE, ADMIN FALSE';
        ELSE
            CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members m
                WHERE m.roleid = to_regrole(wanted) AND m.member = to_regrole(quote_ident(automation)));
        END IF;
        BEGIN
            EXECUTE format('GRANT %I TO %I', wanted, automation) || options;
        EXCEPTION WHEN insufficient_privilege THEN
            refused := refused || wanted;
        END;
    END LOOP;

    -- Somebody with more rights may have granted it before: then all is well.
    SELECT coalesce(array_agg(r), '{}') INTO refused FROM unnest(refused) AS r
    WHERE to_regrole(r) IS NULL OR NOT pg_has_role(automation, r, CASE WHEN r LIKE 'pg\_%' THEN 'USAGE' ELSE 'MEMBER' END);
    IF refused && required THEN
        RAISE EXCEPTION '"%" may not grant % to "%"', current_user,
            (SELECT string_agg(quote_ident(r), ', ') FROM unnest(refused) AS r WHERE r = ANY (required)), automation
            USING ERRCODE = 'insufficient_privilege',
                  HINT = (SELECT string_agg(CASE WHEN to_regrole(r) IS NULL THEN format('There is no role %I on this server.', r)
                            ELSE format('A role that has ADMIN OPTION on it must first run: GRANT %I TO %I WITH ADMIN OPTION',
                                        r, current_user) END, E'\n')
                          FROM unnest(refused) AS r WHERE r = ANY (required));
    ELSIF refused <> '{}' THEN
        RAISE WARNING '"%" may not grant % to "%": it will not get in when only reserved slots are left', current_user,
            array_to_string(refused, ', '), automation
            USING HINT = format('A role that has ADMIN OPTION on it must run: GRANT %s TO %I',
                                array_to_string(refused, ', '), automation);
    ELSIF major < 16 AND slot_role IS NULL THEN
        RAISE NOTICE 'before version 16 no role but rds_superuser reaches reserved slots: see "The last slots" in this script';
    END IF;

    -- The passwords of others.
    IF rotates <> '{}' AND major < 16 THEN
        RAISE WARNING 'before version 16 "%" can now set the password of every role that is not a superuser, not only of %',
            automation, array_to_string(rotates, ', ')
            USING HINT = 'See "Passwords of others" in this script; run again without automation.rotates to take it back.';
    ELSIF major >= 16 THEN
        -- What an earlier run gave for roles that are no longer named.
        FOR granted IN
            SELECT m.roleid::regrole AS name, m.grantor::regrole AS grantor FROM pg_auth_members m
            WHERE m.member = to_regrole(quote_ident(automation)) AND m.admin_option AND NOT m.inherit_option AND NOT m.set_option
              AND pg_get_userbyid(m.roleid) <> ALL (rotates)
        LOOP
            BEGIN
                EXECUTE format('REVOKE %s FROM %I GRANTED BY %s', granted.name, automation, granted.grantor);
                released := released || granted.name::text;
            EXCEPTION WHEN insufficient_privilege THEN
                NULL; -- Somebody else gave it: pointed out below.
            END;
        END LOOP;
        refused := '{}';
        FOREACH wanted IN ARRAY rotates LOOP
            CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members m
                WHERE m.roleid = to_regrole(quote_ident(wanted)) AND m.member = to_regrole(quote_ident(automation))
                  AND m.admin_option AND NOT m.inherit_option AND NOT m.set_option);
            BEGIN
                EXECUTE format('GRANT %I TO %I WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', wanted, automation);
            EXCEPTION WHEN insufficient_privilege THEN
                refused := refused || wanted;
            END;
        END LOOP;
        IF refused <> '{}' THEN
            RAISE EXCEPTION '"%" may not let "%" set the password of %', current_user, automation,
                (SELECT string_agg(quote_ident(r), ', ') FROM unnest(refused) AS r)
                USING ERRCODE = 'insufficient_privilege',
                      HINT = (SELECT string_agg(format('A role that has ADMIN OPTION on it must first run: GRANT %I TO %I WITH ADMIN OPTION',
                                                       r, current_user), E'\n') FROM unnest(refused) AS r);
        END IF;
    END IF;
    IF rotates = '{}' AND told LIKE mark || '%; sets the passwords of: %' AND to_regrole('rds_password') IS NOT NULL THEN
        EXECUTE format('REVOKE rds_password FROM %I', automation);
    END IF;
    -- A name that was only forgotten must be noticed now, not when its next rotation fails.
    IF rotates = '{}' AND role.rolcreaterole THEN
        SELECT array_agg(DISTINCT name ORDER BY name) INTO released
        FROM unnest(released || (SELECT array_agg(quote_ident(btrim(name)))
            FROM unnest(string_to_array(substring(told FROM 'sets the passwords of: (.*) \(sql/bootstrap\.sql\)$'), ',')) AS name)) AS name;
        lost := 'CREATEROLE';
    END IF;
    lost := concat_ws('; ', 'setting the password of ' || nullif(array_to_string(released, ', '), ''), lost);
    IF lost <> '' THEN
        RAISE NOTICE 'taken back from "%": %', automation, lost
            USING HINT = 'automation.rotates must name all roles of this server each time.';
    END IF;

    -- Rights that somebody else gave are theirs to take back; they are only pointed out.
    SELECT string_agg(format('REVOKE %s%I FROM %I%s',
                             CASE WHEN r.rolname = ANY (required || optional) THEN 'ADMIN OPTION FOR ' END, r.rolname, automation,
                             CASE WHEN major >= 16 THEN format(' GRANTED BY %I', pg_get_userbyid(m.grantor)) END),
                      '; ' ORDER BY r.rolname)
        INTO surplus
    FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
    WHERE m.member = to_regrole(quote_ident(automation)) AND CASE
        -- As JSON, because before 16 a membership has no such options.
        WHEN major >= 16 AND r.rolname = ANY (rotates)
            THEN (to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean
        ELSE r.rolname <> ALL (required || optional) OR m.admin_option END;
    IF surplus IS NOT NULL THEN
        RAISE WARNING '"%" has rights that the automation does not need. To take them back: %', automation, surplus;
    END IF;

    -- PUBLIC may connect to every database unless somebody took that away.
    IF NOT has_database_privilege(automation, current_database(), 'CONNECT') THEN
        BEGIN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), automation);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '"%" may not let "%" connect to the database "%"', current_user, automation, current_database()
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Its owner must first run: GRANT CONNECT ON DATABASE %I TO %I', current_database(), automation);
        END;
    END IF;

    -- A failover test makes a schema of its own. Given only when asked for, and taken back when it no longer is.
    IF tests = 'on' THEN
        IF NOT has_database_privilege(automation, current_database(), 'CREATE') THEN
            BEGIN
                EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), automation);
            EXCEPTION WHEN insufficient_privilege THEN
                NULL; -- Told below, as where PostgreSQL only warns.
            END;
        END IF;
        IF NOT has_database_privilege(automation, current_database(), 'CREATE') THEN
            RAISE EXCEPTION '"%" may not let "%" create schemas in the database "%"', current_user, automation, current_database()
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Its owner must first run: GRANT CREATE ON DATABASE %I TO %I', current_database(), automation);
        END IF;
    ELSIF EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) held
                  WHERE d.datname = current_database() AND held.grantee = to_regrole(quote_ident(automation)) AND held.privilege_type = 'CREATE') THEN
        BEGIN
            EXECUTE format('REVOKE CREATE ON DATABASE %I FROM %I', current_database(), automation);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- Told below, as where PostgreSQL only warns.
        END;
        IF has_database_privilege(automation, current_database(), 'CREATE') THEN
            RAISE WARNING '"%" may not take back from "%": CREATE on the database "%"', current_user, automation, current_database()
                USING HINT = format('Its owner must run: REVOKE CREATE ON DATABASE %I FROM %I', current_database(), automation);
        ELSE
            RAISE NOTICE 'taken back from "%": CREATE on the database "%"', automation, current_database()
                USING HINT = 'Set automation.tests_failover to on each time.';
        END IF;
    END IF;
END
$bootstrap$;
