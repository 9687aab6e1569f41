using Automation.Database;
using Automation.Fleet;

namespace Automation.Preparation;

/// <summary>Sessions on the database's own endpoint, of the writer in a cluster: the master user is not a proxy's, and a role is made where writes are taken.</summary>
/// <param name="automation"><c>DATABASE_USER</c> with an IAM token.</param>
/// <param name="roots">What the server's certificate must lead to.</param>
/// <param name="time">Keeps the limit.</param>
internal sealed class PreparationAccess(DatabaseLogin automation, TrustedRoots roots, TimeProvider time)
{
    /// <summary>For name resolution, TLS and both tries of an IAM login.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    internal static readonly TimeSpan SelfTestLimit = TimeSpan.FromSeconds(10);

    /// <summary>The role that is prepared.</summary>
    public string Role => automation.User;

    public Task<Attempt<DatabaseSession>> OpenAsync(RdsDatabase database, string name, DatabaseLogin login, CancellationToken cancellation) =>
        DatabaseSession.OpenUnpooledAsync(new DatabaseEndpoint(database.Host!, database.Port, database.EndpointKind), login, roots,
            OwnSessions.Options with { Database = name }, Limit, time, cancellation);

    /// <summary>Logs in as the automation does and asks whether it can do its work.</summary>
    public async Task<Attempt<IReadOnlyList<SelfCheck>>> TestAsync(RdsDatabase database, string name, CancellationToken cancellation)
    {
        var opened = await OpenAsync(database, name, automation, cancellation);
        if (!opened.Succeeded(out var session, out var failure)) return new Attempt<IReadOnlyList<SelfCheck>>(failure);
        await using var _ = session;
        return await session.RunAsync(BootstrapSql.SelfTestAsync, DatabaseActivity.Reading, SelfTestLimit, cancellation);
    }

    /// <summary>Why a login is refused; <c>null</c> when it is not.</summary>
    public async Task<DatabaseFailure?> RefusalAsync(RdsDatabase database, string name, DatabaseLogin login)
    {
        var opened = await OpenAsync(database, name, login, CancellationToken.None);
        if (!opened.Succeeded(out var session, out var failure)) return failure;
        await session.DisposeAsync();
        return null;
    }
}
