namespace Automation.Fleet;

/// <summary>RDS Proxies by the database they lead to.</summary>
internal interface IDatabaseProxies
{
    /// <summary>The proxies whose targets include the instance or cluster, by name.</summary>
    Task<IReadOnlyList<DatabaseProxy>> OfAsync(RdsDatabase database, CancellationToken cancellation);
}

/// <summary>A proxy and its default endpoint, which reads and writes.</summary>
internal sealed record DatabaseProxy(string Name, string Host)
{
    /// <summary>A proxy listens on its engine's own port, whatever that of its databases is.</summary>
    public const int Port = 5432;
}
