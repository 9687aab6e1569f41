using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace AWSSDK.Client;

/// <summary>Takes what decides on the endpoint from the client's configuration.</summary>
internal sealed class RegionalEndpointResolver : BaseEndpointResolver
{
    public static EndpointParameters Parameters(IClientConfig config, RegionEndpoint alternate)
    {
        if (config.UseFIPSEndpoint || config.UseDualstackEndpoint)
            throw new AmazonClientException("compat/ knows no FIPS or dual-stack endpoints: build with AwsPackages=nuget.");
        return new EndpointParameters
        {
            ["Region"] = alternate?.SystemName ?? config.RegionEndpoint?.SystemName,
            ["Endpoint"] = config.ServiceURL,
        };
    }

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
        Parameters(requestContext.ClientConfig, requestContext.Request.AlternateEndpoint);
}
