using Automation.Database;
using Automation.LabTests.Postgres;
using static Automation.LabTests.Database.RealSessions;

namespace Automation.LabTests.Database;

/// <summary>TLS and SCRAM with PostgreSQL itself.</summary>
public sealed class RealLoginTests(PostgresFixture postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_ServersOwnAuthority_IsVerifiedAndLogsInWithScram()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_scram", Password, "", Test);
        await using var session = await server.OpenedAsync("db_scram");

        var encrypted = await session.AnswerAsync("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");

        Assert.Equal(true, encrypted);
    }

    [Fact]
    public async Task Open_BundledRoots_DoNotVerifyAnotherAuthority()
    {
        var server = await postgres.ServerAsync();

        var failure = await server.RefusedAsync("db_nobody", roots: TrustedRoots.Bundled);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
    }

    [Fact]
    public async Task Open_WrongPassword_IsAuthentication()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_other_password", "another", "", Test);

        var failure = await server.RefusedAsync("db_other_password");

        Assert.Equal((FailureClass.Authentication, "28P01"), (failure.Class, failure.SqlState));
        Assert.DoesNotContain(Password, failure.Sentence, StringComparison.Ordinal);
    }

    // The server trusts rds_iam roles, as the gate in front of it has checked their token: with no token asked for, nobody
    // has proven anything, and the login is not taken for one.
    [Fact]
    public async Task Open_ServerAsksForNothing_IsAuthentication()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_iam", Password, "IN ROLE rds_iam", Test);

        Assert.Equal(FailureClass.Authentication, (await server.RefusedAsync("db_iam")).Class);
    }
}
