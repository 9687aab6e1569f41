using System.Collections.Concurrent;
using Amazon;
using Amazon.RDS;
using Amazon.Runtime;

namespace Automation.Fleet;

/// <summary>Clients made when first asked for, and kept.</summary>
/// <param name="home">The Region the function runs in.</param>
internal sealed class RdsRegions(string home) : IRdsRegions, IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    // Adaptive retries slow all calls of the process down when AWS throttles some.
    private const int Retries = 5;

    private readonly ConcurrentDictionary<string, AmazonRDSClient> clients = new(StringComparer.Ordinal);

    public string Home => home;

    public IAmazonRDS In(string region) => clients.GetOrAdd(region, name => new AmazonRDSClient(new AmazonRDSConfig
    {
        RegionEndpoint = RegionEndpoint.GetBySystemName(name),
        // With AWS_ENDPOINT_URL all Regions are at one address, and only the signature tells them apart.
        AuthenticationRegion = name,
        RetryMode = RequestRetryMode.Adaptive,
        MaxErrorRetry = Retries,
        Timeout = CallLimit,
    }));

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }
}
