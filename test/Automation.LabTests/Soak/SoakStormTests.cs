using Automation.Lab.Account;
using Automation.Lab.Soak;
using Automation.LabTests.Postgres;
using Automation.LabTests.Secrets.Lab;

namespace Automation.LabTests.Soak;

public sealed class SoakStormTests(LoginsFixture fixture) : IClassFixture<LoginsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Who is ended before the last one is in is a member like any other: a protected one, above all.
    [Fact]
    public async Task Storm_ProtectedSessionDiesWhileItOpens_IsCountedAsDead()
    {
        var instance = fixture.Database;
        var passwords = (await instance.CreateLoginAsync("shop", Cancellation), await instance.CreateLoginAsync(SoakNames.ProtectedRole, Cancellation));
        await using var storm = SoakStorm.Over(new SoakDatabase(instance, new RegisteredDatabase("logins", "arn", "db-logins"), "arn"), returning: 0);

        var opening = storm.BreakOutAsync(1, passwords, 40, Cancellation);
        await Eventually.TrueAsync(async () => (await EndGuardedAsync()).Count == 1);
        await opening;
        await Eventually.TrueAsync(async () => (await instance.QueryAsync($"SELECT usename::text FROM pg_stat_activity WHERE usename = '{SoakNames.ProtectedRole}'", Cancellation)).Count == 0);
        var sessions = await storm.CountAsync(Cancellation);

        Assert.Equal(44, sessions.Count);
        Assert.Equal(4, sessions.Count(session => session.Protected));
        Assert.DoesNotContain(sessions, session => session.Key.EndsWith('-'));
        var dead = Assert.Single(sessions, session => !session.Lived);
        Assert.True(dead.Protected);
        Assert.Contains("protected by tag", dead.What, StringComparison.Ordinal);

        Task<IReadOnlyList<IReadOnlyList<string>>> EndGuardedAsync() => instance.QueryAsync(
            $"SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE usename = '{SoakNames.ProtectedRole}' AND state = 'idle in transaction'", Cancellation);
    }
}
