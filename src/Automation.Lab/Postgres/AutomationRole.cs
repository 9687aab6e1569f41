using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>The automation's role on a database of the lab, made by the same script that a person runs on RDS.</summary>
internal static class AutomationRole
{
    /// <summary><c>sql/bootstrap.sql</c>.</summary>
    public static string BootstrapSql { get; } = Read("sql/bootstrap.sql");

    /// <summary><c>sql/alternating-users.sql</c>.</summary>
    public static string AlternatingUsersSql { get; } = Read("sql/alternating-users.sql");

    /// <summary><c>sql/self-test.sql</c>: rows of name, ok, what_to_do; run as the automation's role.</summary>
    public static string SelfTestSql { get; } = Read("sql/self-test.sql");

    /// <summary>Runs the script as the server's master user.</summary>
    public static Task CreateAsync(PostgresServer server, string role, CancellationToken cancellation) =>
        CreateAsync(server, role, testsFailover: false, cancellation);

    /// <inheritdoc cref="CreateAsync(PostgresServer, string, CancellationToken)"/>
    /// <param name="server">Whose master user.</param>
    /// <param name="role">The script's setting <c>automation.role</c>.</param>
    /// <param name="testsFailover">The script's setting <c>automation.tests_failover</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task CreateAsync(PostgresServer server, string role, bool testsFailover, CancellationToken cancellation)
    {
        await using var master = new NpgsqlConnection(server.Connection(server.MasterUser, server.MasterPassword).ConnectionString);
        await master.OpenAsync(cancellation);
        await CreateAsync(master, role, null, [], testsFailover, cancellation);
    }

    /// <summary>Runs the script in a session of whoever is to run it.</summary>
    /// <param name="session">An open session.</param>
    /// <param name="role">The script's setting <c>automation.role</c>.</param>
    /// <param name="reservedRole">The script's setting <c>automation.reserved_role</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task CreateAsync(NpgsqlConnection session, string role, string? reservedRole, CancellationToken cancellation) =>
        CreateAsync(session, role, reservedRole, [], cancellation);

    /// <inheritdoc cref="CreateAsync(NpgsqlConnection, string, string?, CancellationToken)"/>
    /// <param name="session">An open session.</param>
    /// <param name="role">The script's setting <c>automation.role</c>.</param>
    /// <param name="reservedRole">The script's setting <c>automation.reserved_role</c>.</param>
    /// <param name="rotates">The script's setting <c>automation.rotates</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task CreateAsync(
        NpgsqlConnection session, string role, string? reservedRole, IReadOnlyList<string> rotates, CancellationToken cancellation) =>
        CreateAsync(session, role, reservedRole, rotates, testsFailover: false, cancellation);

    /// <inheritdoc cref="CreateAsync(NpgsqlConnection, string, string?, CancellationToken)"/>
    /// <param name="session">An open session.</param>
    /// <param name="role">The script's setting <c>automation.role</c>.</param>
    /// <param name="reservedRole">The script's setting <c>automation.reserved_role</c>.</param>
    /// <param name="rotates">The script's setting <c>automation.rotates</c>.</param>
    /// <param name="testsFailover">The script's setting <c>automation.tests_failover</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task CreateAsync(
        NpgsqlConnection session, string role, string? reservedRole, IReadOnlyList<string> rotates, bool testsFailover, CancellationToken cancellation) =>
        RunAsync(session, BootstrapSql, new()
        {
            ["automation.tests_failover"] = testsFailover ? "on" : "off",
            ["automation.role"] = role,
            ["automation.reserved_role"] = reservedRole ?? "",
            ["automation.rotates"] = string.Join(", ", rotates),
        }, cancellation);

    /// <summary>Runs <c>sql/alternating-users.sql</c>.</summary>
    /// <param name="session">An open session of whoever is to run it.</param>
    /// <param name="owner">The script's setting <c>automation.owner</c>.</param>
    /// <param name="users">The script's setting <c>automation.users</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task CreatePairAsync(NpgsqlConnection session, string owner, IReadOnlyList<string> users, CancellationToken cancellation) =>
        RunAsync(session, AlternatingUsersSql, new() { ["automation.owner"] = owner, ["automation.users"] = string.Join(", ", users) }, cancellation);

    private static async Task RunAsync(NpgsqlConnection session, string script, Dictionary<string, string> settings, CancellationToken cancellation)
    {
        foreach (var (name, value) in settings)
        {
            await using var setting = new NpgsqlCommand("SELECT set_config($1, $2, false)", session)
            {
                Parameters = { new() { Value = name }, new() { Value = value } },
            };
            await setting.ExecuteNonQueryAsync(cancellation);
        }
        await using var command = new NpgsqlCommand(script, session);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Read(string name)
    {
        using var stream = typeof(AutomationRole).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the lab's assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
