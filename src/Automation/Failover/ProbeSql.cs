namespace Automation.Failover;

/// <summary>Every statement of a test. Names are constants; values are parameters.</summary>
internal static class ProbeSql
{
    private const string Table = $"{GuardRules.Schema}.writes";

    // Functions of the server itself: they say who answered, and touch no table. The text form of an address has its mask.
    private const string Identity = "pg_postmaster_start_time(), host(inet_server_addr()) || ':' || inet_server_port(), pg_is_in_recovery()";

    // With its schema: a function of this name that somebody made on another server is not called.
    private const string AuroraIdentity = Identity + ", pg_catalog.aurora_db_instance_identifier()";

    /// <summary>What the writer says of itself, what our role may do, and what an earlier test left.</summary>
    public const string Facts = $"""
        SELECT {Identity},
               to_regproc('pg_catalog.aurora_db_instance_identifier') IS NOT NULL,
               has_database_privilege(current_database(), 'CREATE'),
               (SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = '{GuardRules.Schema}'),
               (SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = '{GuardRules.Schema}' AND c.relkind NOT IN ('i', 't') AND c.relname <> 'writes')
               + (SELECT count(*)::int FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = '{GuardRules.Schema}'),
               current_user::text, current_database()::text
        """;

    public static string Read(bool aurora) => $"SELECT {(aurora ? AuroraIdentity : Identity)}";

    /// <summary>No sequence, no key: a number that the client gave is found again whatever happened, twice if it is there twice.</summary>
    public static string Write(bool aurora) =>
        $"INSERT INTO {Table} (lane, seq, payload) VALUES ($1, $2, $3) RETURNING {(aurora ? AuroraIdentity : Identity)}";

    /// <summary>Without CASCADE: what somebody else built on it makes this fail instead of going with it.</summary>
    public const string Drop = $"DROP TABLE IF EXISTS {Table}; DROP SCHEMA IF EXISTS {GuardRules.Schema}";

    public const string Create = $"""
        CREATE SCHEMA {GuardRules.Schema};
        CREATE TABLE {Table} (lane int NOT NULL, seq bigint NOT NULL, payload bigint NOT NULL);
        COMMENT ON SCHEMA {GuardRules.Schema} IS 'A failover test of the RDS automation; gone when it ends, or with the next one'
        """;

    public const string Rows = $"SELECT lane, seq, payload FROM {Table}";
}
