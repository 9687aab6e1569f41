using Automation.Database;
using Automation.Lab.Postgres;
using Npgsql;

namespace Automation.LabTests.Database;

/// <summary>The library's sessions on the lab's servers, as short as a test wants them.</summary>
internal static class RealSessions
{
    public const string Password = "canary-Passw0rd";
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    public static readonly DataSourceOptions Options = new() { ApplicationName = "test", Pooling = false };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public static RdsDataSource Source(this PostgresServer server, string user, DataSourceOptions options, TimeProvider? clock = null,
        EndpointKind kind = EndpointKind.Instance) => RdsDataSource.Create(
        new DatabaseEndpoint(PostgresServer.Host, server.Port, kind), new PasswordLogin(user, Password),
        TrustedRoots.FromFile(server.CaBundlePath, "test"), options, clock ?? TimeProvider.System);

    public static Task<Attempt<DatabaseSession>> AttemptAsync(this PostgresServer server, string user, string database = "postgres",
        TrustedRoots? roots = null) => DatabaseSession.OpenUnpooledAsync(
        new DatabaseEndpoint(PostgresServer.Host, server.Port, EndpointKind.Instance), new PasswordLogin(user, Password),
        roots ?? TrustedRoots.FromFile(server.CaBundlePath, "test"), Options with { Database = database }, Deadline,
        TimeProvider.System, Test);

    public static async Task<DatabaseSession> OpenedAsync(this PostgresServer server, string user, string database = "postgres") =>
        Opened(await server.AttemptAsync(user, database));

    public static async Task<DatabaseSession> OpenedAsync(this RdsDataSource source) => Opened(await source.OpenAsync(Deadline, Test));

    public static async Task<DatabaseFailure> RefusedAsync(this PostgresServer server, string user, string database = "postgres",
        TrustedRoots? roots = null)
    {
        var attempt = await server.AttemptAsync(user, database, roots);
        Assert.False(attempt.Succeeded(out _, out var failure));
        return failure;
    }

    public static async Task<object?> AnswerAsync(this DatabaseSession session, string sql)
    {
        var attempt = await session.RunAsync(sql, DatabaseActivity.Reading);
        Assert.True(attempt.Succeeded(out var answer, out var failure), failure?.Sentence);
        return answer;
    }

    public static async Task<DatabaseFailure> FailureAsync(this DatabaseSession session, string sql, DatabaseActivity activity)
    {
        var attempt = await session.RunAsync(sql, activity);
        Assert.False(attempt.Succeeded(out _, out var failure));
        return failure;
    }

    public static (FailureClass, string?) ClassAndState(this DatabaseFailure failure) => (failure.Class, failure.SqlState);

    private static DatabaseSession Opened(Attempt<DatabaseSession> attempt)
    {
        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        return session;
    }

    private static Task<Attempt<object?>> RunAsync(this DatabaseSession session, string sql, DatabaseActivity activity) =>
        session.RunAsync(async (connection, stop) =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(stop);
        }, activity, Deadline, Test);
}
