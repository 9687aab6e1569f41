using System.Globalization;
using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>
/// The roles an RDS instance starts with, as its user guide lists them ("Viewing roles and their privileges"): what may be
/// granted, and by whom, decides whether <c>sql/bootstrap.sql</c> works.
/// </summary>
internal static class RdsRoles
{
    public static async Task CreateAsync(
        NpgsqlConnection admin, int major, string masterUser, string masterPassword, CancellationToken cancellation)
    {
        await ExecuteAsync(admin, """
            CREATE ROLE rds_superuser NOLOGIN;
            CREATE ROLE rds_replication NOLOGIN;
            CREATE ROLE rds_password NOLOGIN;
            CREATE ROLE rds_iam NOLOGIN;
            CREATE ROLE rdsrepladmin NOLOGIN NOINHERIT REPLICATION;
            CREATE ROLE rdsproxyadmin LOGIN;
            CREATE ROLE rdstopmgr LOGIN;
            GRANT pg_monitor, pg_signal_backend, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION;
            """, cancellation);
        if (major >= 15) await ExecuteAsync(admin, "GRANT pg_checkpoint TO rds_superuser WITH ADMIN OPTION", cancellation);
        if (major >= 16)
        {
            await ExecuteAsync(
                admin, "GRANT pg_use_reserved_connections, pg_create_subscription TO rds_superuser WITH ADMIN OPTION", cancellation);
        }
        if (major >= 17) await ExecuteAsync(admin, "GRANT pg_maintain TO rds_superuser WITH ADMIN OPTION", cancellation);

        const string Attributes = "NOSUPERUSER INHERIT CREATEDB CREATEROLE NOREPLICATION VALID UNTIL 'infinity'";
        await CreateLoginAsync(admin, masterUser, masterPassword, Attributes, cancellation);
        var master = new NpgsqlCommandBuilder().QuoteIdentifier(masterUser);
        await ExecuteAsync(admin, $"GRANT rds_superuser TO {master}; ALTER DATABASE postgres OWNER TO {master}", cancellation);
        if (major >= 16)
        {
            // RDS patches GRANT: its master user grants rds_superuser and rds_iam without ADMIN OPTION on them. Plain
            // PostgreSQL asks for the option from 16 on (before, CREATEROLE was enough), so here the master user has it.
            await ExecuteAsync(admin, $"""
                GRANT rds_superuser TO {master} WITH ADMIN OPTION;
                GRANT rds_iam TO {master} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
                """, cancellation);
        }
    }

    /// <summary>Creates a login role; name and password are quoted by the server, the attributes are ours.</summary>
    public static async Task CreateLoginAsync(
        NpgsqlConnection admin, string name, string password, string attributes, CancellationToken cancellation)
    {
        await using var format = new NpgsqlCommand("SELECT format('CREATE ROLE %I LOGIN PASSWORD %L ', $1, $2)", admin)
        {
            Parameters = { new() { Value = name }, new() { Value = password } },
        };
        var statement = Convert.ToString(await format.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
        await ExecuteAsync(admin, statement + attributes, cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
