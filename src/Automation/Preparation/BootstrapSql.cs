using Automation.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Automation.Preparation;

/// <summary>The scripts of <c>sql/</c>, and what is asked around them, on PostgreSQL 13 to 18.</summary>
internal static class BootstrapSql
{
    /// <summary><c>sql/bootstrap.sql</c>: one statement.</summary>
    public static string Script { get; } = Read("sql/bootstrap.sql");

    /// <summary><c>sql/self-test.sql</c>: rows of name, ok, what_to_do, for the automation's role.</summary>
    public static string SelfTest { get; } = Read("sql/self-test.sql");

    // Of the transaction alone. The limits: it must neither wait in a queue before the application's statements, nor hold what it
    // has locked when this process is frozen. The path: the master user may do everything, so nobody's function of the same name
    // may be called (CVE-2018-1058); what is called before the path is set is named in full.
    // All five settings of the script, so that none is taken from the master user's or the database's own.
    private const string Prepare = """
        SELECT pg_catalog.set_config(name, value, true) FROM (VALUES
            ('search_path', 'pg_catalog, pg_temp'), ('role', 'none'), ('statement_timeout', '10s'), ('lock_timeout', '2s'),
            ('idle_in_transaction_session_timeout', '10s'), ('synchronous_commit', 'on'), ('client_min_messages', 'notice'),
            ('automation.role', $1), ('automation.rotates', $2), ('automation.tests_failover', $3),
            ('automation.adopt', 'off'), ('automation.reserved_role', '')) AS settings (name, value)
        """;

    // The script takes it too: what is read before must not be changed by another one meanwhile.
    private const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('rds-automation bootstrap'))";

    // A password is not among them: nobody but a superuser sees whether there is one. As JSON, because before 16 a membership
    // has no options but one.
    private const string Facts = """
        WITH role AS (SELECT * FROM pg_roles WHERE rolname = $1)
        SELECT 'Role', '', '', '' FROM role
        UNION ALL
        SELECT 'Attribute', name, '', value FROM role, LATERAL (VALUES
            ('superuser', CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END), ('login', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END),
            ('inherit', CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END), ('createrole', CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END),
            ('createdb', CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END), ('replication', CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END),
            ('bypassrls', CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END), ('connlimit', 'CONNECTION LIMIT ' || rolconnlimit),
            ('validuntil', 'VALID UNTIL ''' || rolvaliduntil || '''')) AS attribute (name, value) WHERE value IS NOT NULL
        UNION ALL
        SELECT 'Setting', split_part(line, '=', 1), coalesce((SELECT quote_ident(datname) FROM pg_database WHERE oid = s.setdatabase), ''), substr(line, strpos(line, '=') + 1)
        FROM role JOIN pg_db_role_setting s ON s.setrole = role.oid, unnest(s.setconfig) AS line
        UNION ALL
        SELECT 'Comment', '', '', shobj_description(oid, 'pg_authid') FROM role WHERE shobj_description(oid, 'pg_authid') IS NOT NULL
        UNION ALL
        SELECT CASE WHEN m.member = role.oid THEN 'MemberOf' ELSE 'Member' END, quote_ident(pg_get_userbyid(CASE WHEN m.member = role.oid THEN m.roleid ELSE m.member END)),
               quote_ident(pg_get_userbyid(m.grantor)),
               CASE WHEN to_jsonb(m) ? 'set_option'
                         THEN format(' with admin %s, inherit %s, set %s', to_jsonb(m) ->> 'admin_option', to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option')
                    WHEN m.admin_option THEN ' with admin option' ELSE '' END
        FROM role JOIN pg_auth_members m ON role.oid IN (m.member, m.roleid)
        UNION ALL
        SELECT 'DatabaseRight', held.privilege_type, quote_ident(pg_get_userbyid(held.grantor)), CASE WHEN held.is_grantable THEN ' with grant option' ELSE '' END
        FROM role, pg_database d, aclexplode(d.datacl) AS held WHERE d.datname = current_database() AND held.grantee = role.oid
        """;

    /// <summary>The first thing in a transaction: its limits, the script's settings, and the lock.</summary>
    public static async Task PrepareAsync(NpgsqlConnection connection, BootstrapRequest request, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Prepare)
        {
            Parameters = { Text(request.Role), Text(string.Join(", ", request.Rotates)), Text(request.TestsFailover ? "on" : "off") },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock));
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Everything the catalog says of a role; nothing when there is none.</summary>
    public static async Task<IReadOnlyList<RoleFact>> FactsAsync(NpgsqlConnection connection, string role, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Facts, connection) { Parameters = { Text(role) } };
        await using var reader = await command.ExecuteReaderAsync(stop);
        var facts = new List<RoleFact>();
        while (await reader.ReadAsync(stop))
            facts.Add(new RoleFact(Enum.Parse<RoleFactKind>(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return facts;
    }

    /// <summary>The names as SQL writes them: of the role, and of the database that the session is in.</summary>
    public static async Task<(string Role, string Database)> NamesAsync(NpgsqlConnection connection, string role, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT quote_ident($1), quote_ident(current_database())", connection) { Parameters = { Text(role) } };
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetString(0), reader.GetString(1));
    }

    /// <summary>Runs <c>sql/self-test.sql</c>, as the role that it is about.</summary>
    public static async Task<IReadOnlyList<SelfCheck>> SelfTestAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(SelfTest, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var checks = new List<SelfCheck>();
        while (await reader.ReadAsync(stop)) checks.Add(new SelfCheck(Printable.Line(reader.GetString(0), 200), reader.GetBoolean(1), Printable.Line(reader.GetString(2), 500)));
        return checks;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static string Read(string name)
    {
        using var stream = typeof(BootstrapSql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the executable.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
