using System.Security.Cryptography;
using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Secrets;
using Npgsql;

namespace Automation.LabTests.Secrets.Verifier;

/// <summary>
/// PostgreSQL takes our verifiers for what they are, from roles with any name it can hold: the role sets its own, the server
/// keeps it as it came, and the plain password logs in by SCRAM.
/// </summary>
public sealed class VerifierLoginTests(PostgresFixture postgres)
{
    private const int PasswordsPerRole = 25;
    private const string First = "first-Passw0rd";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly string Printable = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code));

    private static readonly string[] HostileNames =
    [
        "rot", "Rot", "rot\"", "rot'", "rot %s %I", "rot $$ $x$ $1", "rot\\", "rot; DROP ROLE rot; --", "rot\r\n\t\u2028", " rot ", "rot 🦀 Jürgen",
        new string('é', 31) + "1", new string('é', 31) + "2", // 63 bytes, apart in the last
    ];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AlterRole_AnyNameAndPassword_StoresTheVerifierAndThePasswordLogsIn()
    {
        var server = await postgres.ServerAsync();
        foreach (var name in HostileNames) await server.CreateLoginAsync(name, First, "", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        var expected = await StoredAsync(admin);
        Assert.Equal(HostileNames.Order(StringComparer.Ordinal), expected.Keys);

        foreach (var name in HostileNames)
        {
            await using var itself = await server.OpenAsync(name, First);
            for (var turn = 0; turn < PasswordsPerRole; turn++)
            {
                // Those we make, and in every other turn any that a person could have chosen.
                var password = turn % 2 == 0 ? PasswordGenerator.Next().Value : RandomNumberGenerator.GetString(Printable, RandomNumberGenerator.GetInt32(1, 100));
                var verifier = ScramVerifier.Of(new Concealed(password));

                await itself.RunAsync($"ALTER ROLE {SqlIdentifier.Quote(name)} PASSWORD '{verifier}'");

                expected[name] = verifier;
                Assert.Equal(expected, await StoredAsync(admin));
                Assert.Equal(name, await LoggedInAsAsync(server, name, password));
            }
        }
    }

    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task AlterRole_EveryMajorVersion_OnlyTheNewPasswordLogsIn(int major)
    {
        const string Name = "rot \"$$%s\\ Jürgen";
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync(Name, First, "", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        await using var itself = await server.OpenAsync(Name, First);
        var password = PasswordGenerator.Next();
        var verifier = ScramVerifier.Of(password);

        await itself.RunAsync($"ALTER ROLE {SqlIdentifier.Quote(Name)} PASSWORD '{verifier}'");

        Assert.Equal(verifier, await admin.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = $1", Name));
        Assert.Equal(Name, await LoggedInAsAsync(server, Name, password.Value));
        Assert.Equal("28P01", await LoggedInAsAsync(server, Name, First));
        Assert.Equal("28P01", await LoggedInAsAsync(server, Name, verifier));
    }

    // Why the form is checked before it is sent: what the server does not know for a verifier, it hashes as a password, and
    // who can read the statement can log in with it.
    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task AlterRole_MalformedVerifier_IsAPasswordToTheServerAndRefusedByUs(int major)
    {
        var name = "rot malformed";
        var server = await postgres.ServerAsync(major);
        await server.CreateLoginAsync(name, First, "", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        var sound = ScramVerifier.Of(new Concealed(First));
        string[] malformed = [sound[..^1], sound + "x", sound.Replace("$4096:", "$4096$", StringComparison.Ordinal), sound.Replace("SHA-256", "SHA-1", StringComparison.Ordinal)];

        foreach (var text in malformed)
        {
            await admin.RunAsync($"ALTER ROLE {SqlIdentifier.Quote(name)} PASSWORD '{text}'");

            Assert.Equal(name, await LoggedInAsAsync(server, name, text));
            Assert.False(ScramVerifier.IsWellFormed(text));
        }
    }

    // Why the length of a name is counted in bytes: the server cuts it without an error, and meets another role.
    [Fact]
    public async Task AlterRole_NameOf64Bytes_ChangesAnotherRoleAndIsRefusedByUs()
    {
        var live = "cut" + new string('é', 30); // 63 bytes
        var longer = live + "_";
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync(live, First, "", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        var verifier = ScramVerifier.Of(PasswordGenerator.Next());

        await admin.RunAsync($"ALTER ROLE \"{longer}\" PASSWORD '{verifier}'");

        Assert.Equal(verifier, await admin.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = $1", live));
        Assert.Throws<ArgumentException>(() => SqlIdentifier.Quote(longer));
    }

    /// <summary>What the server keeps of each of the hostile roles.</summary>
    private static async Task<SortedDictionary<string, string>> StoredAsync(NpgsqlConnection admin)
    {
        await using var command = new NpgsqlCommand("SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname = ANY($1)", admin)
        {
            Parameters = { new() { Value = HostileNames } },
        };
        await using var reader = await command.ExecuteReaderAsync(Test);
        var stored = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Test)) stored.Add(reader.GetString(0), reader.GetString(1));
        return stored;
    }

    /// <summary>The role that a fresh login by SCRAM has got, or the SQLSTATE of its refusal.</summary>
    private static async Task<object?> LoggedInAsAsync(PostgresServer server, string user, string password)
    {
        var attempt = await DatabaseSession.OpenUnpooledAsync(new DatabaseEndpoint(PostgresServer.Host, server.Port, EndpointKind.Instance),
            new PasswordLogin(user, password), TrustedRoots.FromFile(server.CaBundlePath, "test"),
            new DataSourceOptions { ApplicationName = "test" }, Deadline, TimeProvider.System, Test);
        if (!attempt.Succeeded(out var session, out var failure)) return failure.SqlState;
        await using (session)
        {
            var answer = await session.RunAsync((connection, _) => connection.ScalarAsync("SELECT session_user::text"), DatabaseActivity.Reading, Deadline, Test);
            return answer.Succeeded(out var name, out failure) ? name : failure.SqlState;
        }
    }
}
