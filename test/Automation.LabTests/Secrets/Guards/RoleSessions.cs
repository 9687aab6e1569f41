using System.Globalization;
using System.Text.Json;
using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Secrets;
using Npgsql;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>The rotation's own sessions on a server of the lab.</summary>
internal static class RoleSessions
{
    public const string Password = "first-Passw0rd";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>A login role with <see cref="Password"/>.</summary>
    public static Task CreateRoleAsync(this PostgresServer server, string name, string attributes = "") =>
        server.CreateLoginAsync(name, Password, attributes, Test);

    public static SecretDocument Secret(this PostgresServer server, string user, string password = Password) => SecretDocument.Read(
        JsonSerializer.Serialize(new { engine = "postgres", host = PostgresServer.Host, port = server.Port, username = user, password }), out _)!;

    /// <summary>As a step opens it: unpooled, verified, SCRAM.</summary>
    public static async Task<IRoleSession> OpenRoleAsync(this PostgresServer server, string user, string password = Password)
    {
        var logins = new RoleLogins(TrustedRoots.FromFile(server.CaBundlePath, "test"), TimeProvider.System);
        var opened = await logins.OpenAsync(server.Secret(user, password), new PasswordLogin(user, password), Test);
        return opened.Succeeded(out var session, out var failure) ? session : throw new InvalidOperationException(failure.Sentence);
    }

    /// <summary>The facts of one role and the server, as a step reads them.</summary>
    public static async Task<(ServerFacts Server, RoleFacts? Role)> FactsAsync(this PostgresServer server, string asker, string role)
    {
        await using var session = await server.OpenRoleAsync(asker);
        var facts = Answer(await session.ReadFactsAsync([role], Test));
        return (facts, facts.Role(role));
    }

    public static T Answer<T>(Attempt<T> attempt) =>
        attempt.Succeeded(out var answer, out var failure) ? answer : throw new InvalidOperationException(failure.Sentence);

    public static DatabaseFailure Failure<T>(Attempt<T> attempt)
    {
        Assert.False(attempt.Succeeded(out _, out var failure));
        return failure;
    }

    /// <summary>The SQLSTATE that a fresh login is refused with; <c>null</c> when it gets in.</summary>
    public static async Task<string?> LoginAsync(this PostgresServer server, string user, string password)
    {
        try
        {
            await using var connection = await server.OpenAsync(user, password);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    /// <summary>What the server keeps of roles: attributes, passwords, memberships and settings.</summary>
    /// <param name="server">May be shared: tests of other classes change roles of theirs.</param>
    /// <param name="prefix">Of the names of the roles; empty for all.</param>
    /// <param name="except">One that may differ.</param>
    public static async Task<string> FingerprintAsync(this PostgresServer server, string prefix = "", string except = "")
    {
        await using var admin = await server.OpenAdminAsync(Test);
        return Convert.ToString(await admin.ScalarAsync("""
            SELECT md5(concat(
                (SELECT string_agg(a::text, ';' ORDER BY oid) FROM pg_authid a WHERE starts_with(rolname, $1) AND rolname <> $2),
                (SELECT string_agg(m::text, ';' ORDER BY m::text) FROM pg_auth_members m WHERE starts_with(member::regrole::text, $1)),
                (SELECT string_agg(s::text, ';' ORDER BY s::text) FROM pg_db_role_setting s WHERE starts_with(setrole::regrole::text, $1))))
            """, prefix, except), CultureInfo.InvariantCulture)!;
    }

    public static async Task<string?> StoredPasswordAsync(this PostgresServer server, string role)
    {
        await using var admin = await server.OpenAdminAsync(Test);
        return await admin.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = $1", role) as string;
    }
}
