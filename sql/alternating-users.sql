-- Two login roles for one application, for password rotation without a gap. PostgreSQL 13 to 18, Amazon RDS and Aurora.
--
-- RotateSecret sets the password of the one that is not in use, and then the secret names that one (the secret's JSON has
-- "usernames": ["orders_a", "orders_b"]). Whoever still logs in as the other is not disturbed until the next rotation.
-- Both work as one third role that owns everything: it is set at login, so what one makes, the other can use, change and drop.
--
-- Run it as the master user (or another CREATEROLE role), once for every pair; again whenever you like: it changes nothing
-- that is right already, and never a password.
--
--   psql "host=ENDPOINT user=postgres dbname=postgres sslmode=verify-full sslrootcert=src/Automation.Database/Certificates/rds-roots.pem" \
--     -v ON_ERROR_STOP=1 -c "SET automation.owner = 'orders_owner'" -c "SET automation.users = 'orders_a, orders_b'" \
--     -f sql/alternating-users.sql
--
-- It is one statement in plain SQL: any client can send it, and it happens completely or not at all. Settings, of the same session:
--
--   automation.owner             the role that owns the application's objects; made (NOLOGIN), or one that exists and does not log in
--   automation.users             the two login roles, separated by a comma, written as they are (no quotes)
--   automation.connection_limit  CONNECTION LIMIT of each; default -1, none
--
-- What it makes
--
--   owner   NOLOGIN, no attributes. What it may do is yours to grant, to it alone:
--             GRANT CONNECT, CREATE ON DATABASE orders TO orders_owner;  GRANT CREATE ON SCHEMA public TO orders_owner;
--   users   LOGIN, no other attributes, equal in all; members of the owner and of nothing else; SET role = owner at login, in every
--           database. No password: set the first one yourself, in psql, which sends only its verifier. PostgreSQL 13 makes md5
--           unless told otherwise, and RotateSecret refuses that (login-not-scram):
--             SET password_encryption = 'scram-sha-256';  \password orders_a
--
-- A login role that exists already and was not made by this script for this owner is refused and left as it is, and so is one that
-- owns anything in any database. To move an application whose login role (old) owns its objects: choose three new names, give the
-- owner the GRANTs above and what old was granted, and in each of the application's databases:
--   GRANT old, orders_owner TO CURRENT_USER;  GRANT orders_owner TO old;  ALTER ROLE old SET role = 'orders_owner';
--   REASSIGN OWNED BY old TO orders_owner;
-- Sessions of old go on, as members of the owner. When none is left: REASSIGN once more, and REVOKE old, orders_owner FROM CURRENT_USER.
--
-- Then let RotateSecret set their passwords: by a secret of an administrator (masterarn), or by its IAM login, with
-- SET automation.rotates = 'orders_a, orders_b' for sql/bootstrap.sql.

DO $alternating$
DECLARE
    major       constant int  := current_setting('server_version_num')::int / 10000;
    -- An unset setting is NULL; once set and reset it is ''.
    owner       constant text := coalesce(current_setting('automation.owner', true), '');
    users       constant text[] := coalesce((SELECT array_agg(btrim(name) ORDER BY position)
        FROM unnest(string_to_array(current_setting('automation.users', true), ',')) WITH ORDINALITY AS given (name, position)), '{}');
    slots       constant text := coalesce(nullif(current_setting('automation.connection_limit', true), ''), '-1');
    -- Carried by a login role that this script made.
    mark        constant text := 'logs in as ' || quote_ident(owner) || ' (sql/alternating-users.sql)';
    messages    constant text := current_setting('client_min_messages');
    wanted      text;
    flaw        text;
    role        pg_roles%ROWTYPE;
BEGIN
    IF cardinality(users) <> 2 OR users[1] = users[2] OR owner = ANY (users) THEN
        RAISE EXCEPTION 'automation.users must name two roles, and automation.owner a third, not "%" and "%"',
            array_to_string(users, ', '), owner USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF slots !~ '^(-1|[0-9]{1,6})$' THEN
        RAISE EXCEPTION 'automation.connection_limit must be a number, or -1, not "%"', slots USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Two of these at once would fail with "tuple concurrently updated".
    PERFORM pg_advisory_xact_lock(hashtext('rds-automation bootstrap'));

    FOREACH wanted IN ARRAY owner || users LOOP
        SELECT * INTO role FROM pg_roles WHERE rolname = wanted;
        flaw := CASE
            WHEN wanted = '' THEN 'is empty'
            WHEN octet_length(wanted) > 63 THEN 'is longer than 63 bytes'
            WHEN wanted ~ '^(pg_|rds)' OR wanted IN ('postgres', 'public', 'none') THEN 'is a role of PostgreSQL or RDS'
            WHEN wanted IN (current_user, session_user) THEN 'is the role that runs this script'
            WHEN role.rolname IS NULL THEN NULL
            WHEN role.rolsuper OR role.rolcreaterole OR role.rolreplication OR role.rolbypassrls
                OR pg_has_role(role.oid, to_regrole('rds_superuser'), 'MEMBER') THEN 'exists and is an administrator'
            WHEN wanted = owner AND role.rolcanlogin THEN 'exists and logs in: an owner does not'
            WHEN wanted = owner THEN NULL
            WHEN coalesce(shobj_description(role.oid, 'pg_authid'), '') <> mark THEN 'exists and was not made by this script for this owner'
            -- Of every database of the server, whichever this is.
            WHEN EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = role.oid AND deptype = 'o')
                THEN 'owns objects, which belong to the owner'
        END;
        IF flaw IS NOT NULL THEN
            RAISE EXCEPTION 'role "%" %', wanted, flaw
                USING ERRCODE = 'invalid_parameter_value', HINT = 'Choose another name: SET automation.owner, SET automation.users.';
        END IF;
    END LOOP;

    IF to_regrole(quote_ident(owner)) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', owner); END IF;
    FOREACH wanted IN ARRAY users LOOP
        IF to_regrole(quote_ident(wanted)) IS NULL THEN
            EXECUTE format('CREATE ROLE %I', wanted);
            EXECUTE format('COMMENT ON ROLE %I IS %L', wanted, mark);
        END IF;
        BEGIN
            EXECUTE format('ALTER ROLE %I LOGIN INHERIT NOCREATEDB CONNECTION LIMIT %s VALID UNTIL ''infinity''', wanted, slots);
            IF NOT pg_has_role(wanted, owner, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO %I', owner, wanted) || CASE WHEN major >= 16 THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
            END IF;
            -- PostgreSQL remarks that the runner could not set this role; the one who logs in can.
            PERFORM set_config('client_min_messages', 'warning', true);
            EXECUTE format('ALTER ROLE %I SET role = %L', wanted, owner);
            PERFORM set_config('client_min_messages', messages, true);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '"%" may not change "%", or not make it a member of "%": %', current_user, wanted, owner, SQLERRM
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('A role that has ADMIN OPTION on them must first run: GRANT %I, %I TO %I WITH ADMIN OPTION',
                                    owner, wanted, current_user);
        END;
    END LOOP;
END
$alternating$;
