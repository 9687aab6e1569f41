using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Preparation;

/// <summary>A database of one test on a shared server, owned by the master user, and its sessions as the function opens them.</summary>
internal sealed class OwnDatabase : IAsyncDisposable
{
    private readonly string name;

    private OwnDatabase(PostgresServer server, string name) => (Server, this.name) = (server, name);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public PostgresServer Server { get; }

    public static async Task<OwnDatabase> CreateAsync(PostgresServer server, string name)
    {
        await server.ExecuteAsync($"CREATE DATABASE {name} OWNER {server.MasterUser}", Test);
        return new OwnDatabase(server, name);
    }

    /// <summary>Through TLS and SCRAM, as the function.</summary>
    public async Task<DatabaseSession> OpenMasterAsync()
    {
        var opened = await DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(Server.Address, Server.Port, EndpointKind.Instance), new PasswordLogin(Server.MasterUser, Server.MasterPassword),
            TrustedRoots.FromFile(Server.CaBundlePath, "test"), OwnSessions.Options with { Database = name }, TimeSpan.FromSeconds(20), TimeProvider.System, Test);
        return opened.Succeeded(out var session, out var failure) ? session : throw new InvalidOperationException(failure.Sentence);
    }

    /// <summary>
    /// Everything that the server has of this database and of the roles that are called like it. Not of the whole server: other
    /// tests make roles meanwhile.
    /// </summary>
    public async Task<string> CatalogAsync()
    {
        await using var admin = await Server.OpenAdminAsync(Test);
        return (string)(await admin.ScalarAsync("""
            SELECT string_agg(line, E'\n' ORDER BY line) FROM (
                SELECT to_jsonb(r)::text AS line FROM pg_authid r WHERE r.rolname LIKE $1 || '%'
                UNION ALL SELECT format('%s member of %s: %s', m.member::regrole, m.roleid::regrole, to_jsonb(m)) FROM pg_auth_members m
                    WHERE pg_get_userbyid(m.member) LIKE $1 || '%' OR pg_get_userbyid(m.roleid) LIKE $1 || '%'
                UNION ALL SELECT to_jsonb(s)::text FROM pg_db_role_setting s WHERE pg_get_userbyid(s.setrole) LIKE $1 || '%'
                UNION ALL SELECT to_jsonb(d)::text FROM pg_shdescription d WHERE d.classoid = 'pg_authid'::regclass AND pg_get_userbyid(d.objoid) LIKE $1 || '%'
                UNION ALL SELECT to_jsonb(d)::text FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND pg_get_userbyid(d.refobjid) LIKE $1 || '%'
                UNION ALL SELECT format('%s: %s', datname, datacl) FROM pg_database WHERE datname = $1) AS lines
            """, name))!;
    }

    // WITH (FORCE): a session that a test had ended may still be there for a moment.
    public async ValueTask DisposeAsync() => await Server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None);
}
