using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>The automation's role on a database of the lab, made by the same script that a person runs on RDS.</summary>
internal static class AutomationRole
{
    /// <summary><c>sql/bootstrap.sql</c>.</summary>
    public static string BootstrapSql { get; } = Read("sql/bootstrap.sql");

    /// <summary><c>sql/self-test.sql</c>: rows of name, ok, what_to_do; run as the automation's role.</summary>
    public static string SelfTestSql { get; } = Read("sql/self-test.sql");

    /// <summary>Runs the script as the server's master user.</summary>
    public static async Task CreateAsync(PostgresServer server, string role, CancellationToken cancellation)
    {
        await using var master = new NpgsqlConnection(server.Connection(server.MasterUser, server.MasterPassword).ConnectionString);
        await master.OpenAsync(cancellation);
        await CreateAsync(master, role, null, cancellation);
    }

    /// <summary>Runs the script in a session of whoever is to run it.</summary>
    /// <param name="session">An open session.</param>
    /// <param name="role">The script's setting <c>automation.role</c>.</param>
    /// <param name="reservedRole">The script's setting <c>automation.reserved_role</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task CreateAsync(NpgsqlConnection session, string role, string? reservedRole, CancellationToken cancellation)
    {
        await using var settings = new NpgsqlCommand(
            "SELECT set_config('automation.role', $1, false), set_config('automation.reserved_role', $2, false)", session)
        {
            Parameters = { new() { Value = role }, new() { Value = reservedRole ?? "" } },
        };
        await settings.ExecuteNonQueryAsync(cancellation);
        await using var script = new NpgsqlCommand(BootstrapSql, session);
        await script.ExecuteNonQueryAsync(cancellation);
    }

    private static string Read(string name)
    {
        using var stream = typeof(AutomationRole).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the lab's assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
