using Npgsql;

namespace Automation.Secrets;

/// <summary>The statements that lock a role and change its password, on PostgreSQL 13 to 18.</summary>
internal static class RoleSql
{
    // RESET would go back to the owner role that an alternating user acts as; its own password is changed as itself. Names
    // are looked up where nobody can put a function of theirs in the way (CVE-2018-1058).
    // A change that was acknowledged must survive a crash, whatever the role or its database have set; and a session that holds
    // the lock while a login is tried must not be ended for being idle (a setting of 14 and later).
    private const string Prepare = """
        SET ROLE NONE;
        SET search_path = pg_catalog, pg_temp;
        SET synchronous_commit = on;
        SET statement_timeout = '9s';
        SET lock_timeout = '8s';
        SELECT set_config('idle_session_timeout', '0', false) WHERE current_setting('server_version_num')::int >= 140000
        """;

    public const string Lock = "SELECT pg_advisory_lock(hashtextextended('rds-automation rotates ' || $1, 0))";

    public static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        await using var command = new NpgsqlCommand(Prepare, connection);
        await command.ExecuteNonQueryAsync(stopping);
    }

    /// <summary>
    /// The only statement that changes anything. A utility statement takes no parameters; what goes into its text is quoted, and
    /// the verifier holds no character that could end a literal.
    /// </summary>
    /// <exception cref="ArgumentException">The verifier is not one: the server would store it as a plain password.</exception>
    public static string SetPassword(string role, string verifier) => ScramVerifier.IsWellFormed(verifier)
        ? $"ALTER ROLE {SqlIdentifier.Quote(role)} PASSWORD '{verifier}'"
        : throw new ArgumentException("Expected a SCRAM-SHA-256 verifier.", nameof(verifier));
}
