using System.Globalization;
using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Secrets;
using Npgsql;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>The lock and the one statement that changes something, on every major version.</summary>
public sealed class RoleSessionTests(PostgresFixture postgres)
{
    public static TheoryData<int> Majors => PostgresFixture.Majors;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Majors))]
    public async Task Lock_HeldByAnother_Waits(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("lock_first");
        await server.CreateRoleAsync("lock_second");
        await using var second = await server.OpenRoleAsync("lock_second");
        Task<Attempt<bool>> waiting;
        await using (var first = await server.OpenRoleAsync("lock_first"))
        {
            Assert.True(RoleSessions.Answer(await first.LockAsync("lock role", Test)));
            Assert.True(RoleSessions.Answer(await second.LockAsync("another role", Test)));

            waiting = second.LockAsync("lock role", Test);
            await Eventually.TrueAsync(async () => await WaitersAsync(server, "lock_second") == 1);
            Assert.False(waiting.IsCompleted);
        }

        Assert.True(RoleSessions.Answer(await waiting));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Lock_SessionEnds_IsGivenBack(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("back_first");
        await using (var first = await server.OpenRoleAsync("back_first")) RoleSessions.Answer(await first.LockAsync("back role", Test));

        await using var second = await server.OpenRoleAsync("back_first");
        Assert.True(RoleSessions.Answer(await second.LockAsync("back role", Test)));
    }

    // Eight seconds by the server's own clock, which is what is tested: on one version.
    [Fact]
    public async Task Lock_NotGivenBack_IsTheServersAnswerAndARotationInProgress()
    {
        var server = await postgres.ServerAsync();
        await server.CreateRoleAsync("stay_first");
        await using var first = await server.OpenRoleAsync("stay_first");
        await using var second = await server.OpenRoleAsync("stay_first");
        RoleSessions.Answer(await first.LockAsync("stay role", Test));

        var failure = RoleSessions.Failure(await second.LockAsync("stay role", Test));

        Assert.Equal((FailureClass.Other, "55P03"), (failure.Class, failure.SqlState));
        Assert.Equal("rotation-in-progress", LoginRules.Explain(failure, "taking the lock on the role").Reason);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_ByTheRoleItself_ChangesItsPasswordAndNothingElse(int major)
    {
        const string Name = "self \"quoted\" $1 %I\\ é";
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync(Name, "CONNECTION LIMIT 9 VALID UNTIL '2999-01-01'");
        await server.CreateRoleAsync("self");
        await server.CreateRoleAsync("self \"quoted\"");
        var (password, others) = (PasswordGenerator.Next(), await server.FingerprintAsync("self", except: Name));
        var before = (await server.FactsAsync(Name, Name)).Role;
        var verifier = ScramVerifier.Of(password);

        await using (var session = await server.OpenRoleAsync(Name))
        {
            RoleSessions.Answer(await session.LockAsync(Name, Test));
            Assert.True(RoleSessions.Answer(await session.SetPasswordAsync(Name, verifier, Test)));
        }

        Assert.Equal(verifier, await server.StoredPasswordAsync(Name));
        Assert.Equal((null, "28P01"), (await server.LoginAsync(Name, password.Value), await server.LoginAsync(Name, RoleSessions.Password)));
        Assert.Equal(others, await server.FingerprintAsync("self", except: Name));
        await using var again = await server.OpenRoleAsync(Name, password.Value);
        Assert.Equivalent(before, RoleSessions.Answer(await again.ReadFactsAsync([Name], Test)).Role(Name), strict: true);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_ByAnAdministrator_IsPermittedWhereThePreflightSaysSo(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("adm_full", "CREATEROLE");
        await server.CreateRoleAsync("adm_creator", "CREATEROLE");
        await server.CreateRoleAsync("adm_option");
        await server.CreateRoleAsync("adm_nobody");
        await server.CreateRoleAsync("adm_super", "SUPERUSER");
        await server.CreateRoleAsync("adm_target");
        await server.CreateRoleAsync("adm_strong", "SUPERUSER");
        await server.ExecuteAsync("GRANT adm_target TO adm_full WITH ADMIN OPTION; GRANT adm_target TO adm_option WITH ADMIN OPTION", Test);

        // Not the role as its own administrator: the server permits that, and the preflight refuses it for another reason.
        foreach (var administrator in (string[])["adm_full", "adm_creator", "adm_option", "adm_nobody", "adm_super"])
            foreach (var target in (string[])["adm_target", "adm_strong"])
                Assert.Equal(
                    (administrator, target, await PreflightAsync(server, administrator, target) is null),
                    (administrator, target, await ChangesAsync(server, administrator, target)));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_ByARoleWithAttributes_IsPermittedWhereThePreflightSaysSo(int major)
    {
        var server = await postgres.ServerAsync(major);
        foreach (var attribute in (string[])["NOINHERIT", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS", "SUPERUSER"])
        {
            var name = "att_" + attribute;
            await server.CreateRoleAsync(name, attribute);
            var (facts, _) = await server.FactsAsync(name, name);
            Assert.Equal((attribute, PreflightRules.CheckChange(facts, name, byRoleItself: true) is null), (attribute, await ChangesAsync(server, name, name)));
        }
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_NotAVerifier_IsNotSent(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("plain_target");
        var before = await server.FingerprintAsync("plain_");
        foreach (var (role, verifier) in (IEnumerable<(string, string)>)
            [("plain_target", "a-plain-Passw0rd"), (new string('é', 32), ScramVerifier.Of(PasswordGenerator.Next()))])
        {
            await using var session = await server.OpenRoleAsync("plain_target");
            await Assert.ThrowsAsync<ArgumentException>(() => session.SetPasswordAsync(role, verifier, Test));
        }

        Assert.Equal(before, await server.FingerprintAsync("plain_"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task SetPassword_ReadOnlySessions_IsRefusedByTheServer(int major)
    {
        var server = await postgres.ServerAsync(major);
        await server.CreateRoleAsync("ro_target");
        await server.ExecuteAsync("ALTER ROLE ro_target SET default_transaction_read_only = on", Test);
        await using var session = await server.OpenRoleAsync("ro_target");
        RoleSessions.Answer(await session.LockAsync("ro_target", Test));

        var failure = RoleSessions.Failure(await session.SetPasswordAsync("ro_target", ScramVerifier.Of(PasswordGenerator.Next()), Test));

        Assert.Equal((FailureClass.ReadOnly, "25006"), (failure.Class, failure.SqlState));
        Assert.Null(await server.LoginAsync("ro_target", RoleSessions.Password));
    }

    private static async Task<Refusal?> PreflightAsync(PostgresServer server, string administrator, string target) =>
        PreflightRules.CheckChange((await server.FactsAsync(administrator, target)).Server, target, byRoleItself: false);

    /// <summary>Whether the change is made; it gives the password that the role has.</summary>
    private static async Task<bool> ChangesAsync(PostgresServer server, string by, string target)
    {
        var verifier = ScramVerifier.Of(new Concealed(RoleSessions.Password));
        await using var session = await server.OpenRoleAsync(by);
        RoleSessions.Answer(await session.LockAsync(target, Test));
        var changed = (await session.SetPasswordAsync(target, verifier, Test)).Succeeded(out _, out var failure);
        Assert.Equal(changed, await server.StoredPasswordAsync(target) == verifier);
        if (!changed) Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure!.SqlState);
        return changed;
    }

    private static async Task<int> WaitersAsync(PostgresServer server, string role)
    {
        await using var admin = await server.OpenAdminAsync(Test);
        return Convert.ToInt32(await admin.ScalarAsync(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND NOT l.granted AND a.usename = $1", role),
            CultureInfo.InvariantCulture);
    }
}
