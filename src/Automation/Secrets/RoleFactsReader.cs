using Npgsql;
using NpgsqlTypes;

namespace Automation.Secrets;

/// <summary>Reads the catalog; every view it asks is open to every role.</summary>
internal static class RoleFactsReader
{
    // Not pg_has_role: it says yes to everything for a superuser. From PostgreSQL 16 on who creates a role is its member too,
    // of a kind that neither inherits nor may become it: not counted.
    private const string MemberOf = """
        WITH RECURSIVE granted AS (
            SELECT m.member, m.roleid FROM pg_auth_members m
            WHERE coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'true' OR to_jsonb(m) ->> 'set_option' = 'true'
        ), membership AS (
            SELECT member, roleid FROM granted
            UNION
            SELECT lower.member, upper.roleid FROM membership lower JOIN granted upper ON upper.member = lower.roleid
        )
        """;

    private const string Server = MemberOf + """
        SELECT pg_is_in_recovery(),
               current_setting('transaction_read_only')::bool,
               current_setting('server_version_num')::int / 10000,
               coalesce(current_setting('rds.restrict_password_commands', true), '') IN ('on', '1', 'true'),
               EXISTS (SELECT FROM membership m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = me.oid AND g.rolname = 'rds_password'),
               me.rolsuper,
               me.rolcreaterole,
               me.rolname::text
        FROM pg_roles me WHERE me.rolname = session_user
        """;

    // inherit_option and set_option came with 16: as JSON both shapes of the row compare.
    private const string Roles = MemberOf + """
        SELECT r.rolname::text,
               r.rolcanlogin,
               coalesce(r.rolvaliduntil <= now(), false),
               EXISTS (SELECT FROM membership m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname = 'rds_iam'),
               r.rolsuper,
               r.rolreplication,
               pg_has_role(session_user, r.oid, 'USAGE WITH ADMIN OPTION'),
               concat_ws(' ',
                   CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,
                   CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
                   CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
                   'CONNECTION LIMIT ' || r.rolconnlimit),
               ARRAY(SELECT g.rolname || ' ' || (to_jsonb(m) - 'oid' - 'member' - 'roleid' - 'grantor')::text
                     FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1),
               ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1),
               ARRAY(SELECT s.setdatabase || ' ' || c FROM pg_db_role_setting s, unnest(s.setconfig) AS c WHERE s.setrole = r.oid ORDER BY 1),
               (SELECT substr(c, 6) FROM pg_db_role_setting s, unnest(s.setconfig) AS c
                WHERE s.setrole = r.oid AND s.setdatabase = 0 AND c LIKE 'role=%'),
               (SELECT count(*) FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o')
        FROM pg_roles r WHERE r.rolname = ANY ($1)
        """;

    public static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, IReadOnlyList<string> roles, CancellationToken stopping)
    {
        await RoleSql.PrepareAsync(connection, stopping);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Server));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Roles)
        {
            Parameters = { new NpgsqlParameter { Value = roles.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
        });
        await using var reader = await batch.ExecuteReaderAsync(stopping);
        await reader.ReadAsync(stopping);
        var server = new ServerFacts
        {
            IsStandby = reader.GetBoolean(0),
            IsReadOnly = reader.GetBoolean(1),
            Major = reader.GetInt32(2),
            RestrictsPasswordCommands = reader.GetBoolean(3),
            WeAreInRdsPassword = reader.GetBoolean(4),
            WeAreSuperuser = reader.GetBoolean(5),
            WeHaveCreateRole = reader.GetBoolean(6),
            We = reader.GetString(7),
            Roles = [],
        };
        await reader.NextResultAsync(stopping);
        var found = new List<RoleFacts>();
        while (await reader.ReadAsync(stopping)) found.Add(Role(reader));
        return server with { Roles = found };
    }

    private static RoleFacts Role(NpgsqlDataReader reader) => new()
    {
        Name = reader.GetString(0),
        CanLogIn = reader.GetBoolean(1),
        Expired = reader.GetBoolean(2),
        InRdsIam = reader.GetBoolean(3),
        IsSuperuser = reader.GetBoolean(4),
        MayReplicate = reader.GetBoolean(5),
        WeHaveAdminOption = reader.GetBoolean(6),
        Attributes = reader.GetString(7),
        Memberships = reader.GetFieldValue<string[]>(8),
        MemberOf = reader.GetFieldValue<string[]>(9),
        Settings = reader.GetFieldValue<string[]>(10),
        ActsAs = reader.IsDBNull(11) ? null : reader.GetString(11),
        OwnedObjects = reader.GetInt64(12),
    };
}
