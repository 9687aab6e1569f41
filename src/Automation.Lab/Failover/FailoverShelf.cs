using System.Collections.Concurrent;
using Automation.Lab.Account;

namespace Automation.Lab.Failover;

/// <summary>An RDS Proxy that the account shows.</summary>
internal sealed record RegisteredProxy(string Name, DatabaseEndpoint Endpoint, FailoverDatabase Database);

/// <summary>The databases whose servers the lab has, and their proxies.</summary>
internal sealed class FailoverShelf
{
    private readonly ConcurrentDictionary<string, FailoverDatabase> databases = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, RegisteredProxy> proxies = new(StringComparer.OrdinalIgnoreCase);

    public void Add(FailoverDatabase database) => databases[database.Id] = database;

    public void Add(RegisteredProxy proxy) => proxies[proxy.Name] = proxy;

    /// <summary>An instance or cluster by its identifier.</summary>
    public FailoverDatabase? Find(string? id) => id is null ? null : databases.GetValueOrDefault(id);

    /// <summary>The cluster that an instance is a member of.</summary>
    public FailoverDatabase? ClusterOf(string? instanceId) => databases.Values.FirstOrDefault(
        d => d.Cluster is { } cluster && cluster.Members.Any(m => string.Equals(m.Id, instanceId, StringComparison.OrdinalIgnoreCase)));

    public RegisteredProxy? Proxy(string? name) => name is null ? null : proxies.GetValueOrDefault(name);
}
