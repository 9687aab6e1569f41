using System.Collections.Concurrent;
using Amazon.RDS;

namespace Automation.Fleet;

/// <summary>Clients made when first asked for, and kept.</summary>
/// <param name="home">The Region the function runs in.</param>
/// <param name="connect">Makes the client of a Region; it is asked once for each.</param>
internal sealed class RdsRegions(string home, Func<string, IAmazonRDS> connect) : IRdsRegions, IDisposable
{
    private readonly ConcurrentDictionary<string, IAmazonRDS> clients = new(StringComparer.Ordinal);

    public string Home => home;

    public IAmazonRDS In(string region) => clients.GetOrAdd(region, connect);

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }
}
