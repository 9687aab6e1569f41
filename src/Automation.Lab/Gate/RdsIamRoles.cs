using Npgsql;

namespace Automation.Lab.Gate;

/// <summary>Asks a server which roles log in with a token.</summary>
internal static class RdsIamRoles
{
    // As pg_hba.conf's "+rds_iam" counts: through any chain of grants, but a superuser is no member of everything.
    private const string Query =
        """
        WITH RECURSIVE member (oid) AS (
          SELECT oid FROM pg_roles WHERE rolname = 'rds_iam'
          UNION
          SELECT m.member FROM pg_auth_members m JOIN member ON m.roleid = member.oid)
        SELECT EXISTS (SELECT FROM member JOIN pg_roles USING (oid) WHERE rolname = $1)
        """;

    /// <param name="database">The server, as a role that may read <c>pg_roles</c>; any role may.</param>
    /// <param name="role">The user of a startup message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async ValueTask<bool> ContainsAsync(NpgsqlDataSource database, string role, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Query);
        command.Parameters.AddWithValue(role);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
