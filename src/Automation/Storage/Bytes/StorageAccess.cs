using Automation.Database;
using Automation.Fleet;

namespace Automation.Storage.Bytes;

/// <summary>
/// The way to a database whose volume is measured: through the first RDS Proxy that leads to it, so that measuring takes no
/// connection slot of its own, else at its own endpoint. Always with the automation's own login.
/// </summary>
internal sealed class StorageAccess(IDatabaseProxies proxies, DatabaseLogin login, TrustedRoots roots, TimeProvider time)
{
    private const string Home = "postgres";

    // RDS Proxy lets a client wait two minutes for a connection; by then we have asked the instance itself.
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(8);

    // One question for every proxy of the account; without an answer the instance itself is asked.
    private static readonly TimeSpan ProxiesLimit = TimeSpan.FromSeconds(10);

    /// <summary>Opens the first session, in <c>postgres</c>.</summary>
    /// <param name="database">As RDS describes it.</param>
    /// <param name="budget">The time of the whole reading.</param>
    /// <param name="notes">Gets a sentence where the proxy was not the way.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Attempt<StorageSession>> OpenAsync(RdsDatabase database, ReadingTime budget, List<string> notes, CancellationToken cancellation)
    {
        foreach (var proxy in (await ProxiesAsync(database, notes, cancellation)).Take(1))
        {
            var attempt = await OpenAsync(new DatabaseEndpoint(proxy.Host, DatabaseProxy.Port, EndpointKind.Proxy), budget, cancellation);
            if (attempt.Succeeded(out _, out var failure)) return attempt;
            notes.Add($"RDS Proxy {proxy.Name} did not let {login.User} in, so the database's own endpoint was used: {Shown.Failure(failure.Sentence)}");
        }
        if (database.Host is not { } host)
            return new Attempt<StorageSession>(new DatabaseFailure(FailureClass.Unreachable, $"{database.Id} has no endpoint yet."));
        return await OpenAsync(new DatabaseEndpoint(host, database.Port, database.EndpointKind), budget, cancellation);
    }

    private async Task<Attempt<StorageSession>> OpenAsync(DatabaseEndpoint endpoint, ReadingTime budget, CancellationToken cancellation)
    {
        Task<Attempt<DatabaseSession>> LogInAsync(string name, CancellationToken stop) => budget.Share(LoginLimit) is { } limit
            ? DatabaseSession.OpenUnpooledAsync(endpoint, login, roots, OwnSessions.Options with { Database = name }, limit, time, stop)
            : Task.FromResult(new Attempt<DatabaseSession>(ReadingTime.Over));

        var opened = await LogInAsync(Home, cancellation);
        return opened.Succeeded(out var session, out var failure)
            ? new Attempt<StorageSession>(new StorageSession(Home, session, LogInAsync, budget))
            : new Attempt<StorageSession>(failure);
    }

    private async Task<IReadOnlyList<DatabaseProxy>> ProxiesAsync(RdsDatabase database, List<string> notes, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProxiesLimit);
        try
        {
            return await proxies.OfAsync(database, limit.Token);
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            notes.Add($"RDS did not say whether a proxy leads to {database.Id} ({AwsFailure.CodeOf(e)}), so its own endpoint was used.");
            return [];
        }
    }
}
