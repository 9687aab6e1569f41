using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace AWSSDK.Client;

/// <summary>The endpoint of a regional service: a configured one, else <c>https://prefix.region.suffix</c>.</summary>
internal sealed class RegionalEndpointProvider(string prefix) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var fips = parameters["UseFIPS"] is true;
        var dualStack = parameters["UseDualStack"] is true;
        if (parameters["Endpoint"] is string { Length: > 0 } configured)
        {
            if (fips) throw new AmazonClientException("Invalid Configuration: FIPS and custom endpoint are not supported");
            if (dualStack) throw new AmazonClientException("Invalid Configuration: Dualstack and custom endpoint are not supported");
            return new Endpoint(configured);
        }
        if (parameters["Region"] is not string { Length: > 0 } region)
            throw new AmazonClientException("Invalid Configuration: Missing Region");
        var partition = RegionEndpoint.GetBySystemName(region);
        var suffix = dualStack ? DualStackSuffix(partition.PartitionName) : partition.PartitionDnsSuffix;
        return new Endpoint($"https://{prefix}{(fips ? "-fips" : "")}.{region}.{suffix}");
    }

    private static string DualStackSuffix(string partition) => partition switch
    {
        "aws" or "aws-us-gov" => "api.aws",
        "aws-cn" => "api.amazonwebservices.com.cn",
        _ => throw new AmazonClientException("DualStack is enabled but this partition does not support DualStack"),
    };
}
