using Automation.Database;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using static Automation.LabTests.Database.RealSessions;

namespace Automation.LabTests.Database;

/// <summary>What a pool sends of its own, and when it lets its connections go.</summary>
public sealed class PoolTests(PostgresFixture postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WriteOnAReadOnlySession_IsReadOnlyAndThePoolLetsGo()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_reader", Password, "", Test);
        await server.ExecuteAsync("ALTER ROLE db_reader SET default_transaction_read_only = on", Test);
        await using var source = server.Source("db_reader", Options with { Pooling = true, MaxPoolSize = 1 });

        var before = await BackendOfAsync(source);
        Assert.Equal(before, await BackendOfAsync(source));
        await using (var session = await source.OpenedAsync())
        {
            var failure = await session.FailureAsync("CREATE TEMP SEQUENCE s; CREATE TABLE t ()", DatabaseActivity.Committing);
            Assert.Equal((FailureClass.ReadOnly, "25006"), (failure.Class, failure.SqlState));
        }

        Assert.NotEqual(before, await BackendOfAsync(source));
    }

    [Fact]
    public async Task Pool_OfAProxy_SendsNothingOfItsOwn_OfAnInstance_Resets()
    {
        await using var server = await postgres.StartOwnAsync(settings: new Dictionary<string, string> { ["log_statement"] = "all" });

        Assert.Equal(["SELECT 1", "SELECT 2"], await StatementsAsync(server, "proxy_user", EndpointKind.Proxy));
        Assert.Equal(["SELECT 1", "DISCARD ALL", "SELECT 2"], await StatementsAsync(server, "instance_user", EndpointKind.Instance));
    }

    [Fact]
    public async Task Open_OwnPoolIsAllInUse_IsNotTheServersFault()
    {
        var server = await postgres.ServerAsync();
        await server.CreateLoginAsync("db_pool", Password, "", Test);
        await using var source = server.Source("db_pool",
            Options with { Pooling = true, MaxPoolSize = 1, ConnectTimeout = TimeSpan.FromSeconds(1) });
        await using var only = await source.OpenedAsync();

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Other, failure.Class);
        Assert.Contains("own pool", failure.Sentence, StringComparison.Ordinal);
    }

    private static async Task<List<string>> StatementsAsync(PostgresServer server, string user, EndpointKind kind)
    {
        await server.CreateLoginAsync(user, Password, "", Test);
        await using (var source = server.Source(user, Options with { Pooling = true, MaxPoolSize = 1 }, kind: kind))
        {
            foreach (var sql in (string[])["SELECT 1", "SELECT 2"])
            {
                await using var session = await source.OpenedAsync();
                await session.AnswerAsync(sql);
            }
        }
        List<string> Logged() => [.. server.Log.Where(line => line.Contains($"] {user}@", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..])];
        await Eventually.TrueAsync(() => Task.FromResult(Logged().Contains("SELECT 2")));
        return Logged();
    }

    private static async Task<object?> BackendOfAsync(RdsDataSource source)
    {
        await using var session = await source.OpenedAsync();
        return await session.AnswerAsync("SELECT pg_backend_pid()");
    }
}
