using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace AWSSDK.Client;

/// <summary>The endpoint of a regional service: a configured one, else <c>https://prefix.region.suffix</c>.</summary>
internal sealed class RegionalEndpointProvider(string prefix) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters["Endpoint"] is string { Length: > 0 } configured) return new Endpoint(configured);
        return parameters["Region"] is string { Length: > 0 } region
            ? new Endpoint($"https://{prefix}.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}")
            : throw new AmazonClientException("Invalid Configuration: Missing Region");
    }
}
