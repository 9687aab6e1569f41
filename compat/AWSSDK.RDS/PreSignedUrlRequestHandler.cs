using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace Amazon.RDS.Internal;

/// <summary>
/// A copy into another Region is asked for where the copy will be. The Region of an encrypted source wants to hear it from
/// the caller as well: a request to it, presigned, goes along. The client makes it from <c>SourceRegion</c>.
/// </summary>
internal sealed class PreSignedUrlRequestHandler : PipelineHandler
{
    public override void InvokeSync(IExecutionContext executionContext)
    {
        if (IsWanted(executionContext.RequestContext, out var request))
            Sign(executionContext.RequestContext, request, Credentials(executionContext.RequestContext).GetCredentials());
        base.InvokeSync(executionContext);
    }

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        if (IsWanted(executionContext.RequestContext, out var request))
        {
            var credentials = await Credentials(executionContext.RequestContext).GetCredentialsAsync().ConfigureAwait(false);
            Sign(executionContext.RequestContext, request, credentials);
        }
        return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
    }

    private static bool IsWanted(IRequestContext context, out IPreSignedUrlRequest request)
    {
        request = context.OriginalRequest as IPreSignedUrlRequest;
        return request is { SourceRegion: not null, PreSignedUrl: null };
    }

    private static AWSCredentials Credentials(IRequestContext context) =>
        context.ExplicitAWSCredentials
        ?? context.ClientConfig.DefaultAWSCredentials
        ?? DefaultIdentityResolverConfiguration.ResolveDefaultIdentity<AWSCredentials>();

    private static void Sign(IRequestContext context, IPreSignedUrlRequest wanted, ImmutableCredentials credentials)
    {
        var config = context.ClientConfig;
        var source = config.DetermineServiceOperationEndpoint(
            new ServiceOperationEndpointParameters(context.OriginalRequest, RegionEndpoint.GetBySystemName(wanted.SourceRegion)));

        var request = context.Marshaller.Marshall(context.OriginalRequest);
        request.UseQueryString = true;
        request.HttpMethod = "GET";
        request.Endpoint = new Uri(source.URL);
        request.Parameters["DestinationRegion"] = config.RegionEndpoint?.SystemName ?? config.AuthenticationRegion;
        // RDS reads this name with its case, unlike the header of the same name.
        if (credentials.UseToken) request.Parameters["X-Amz-Security-Token"] = credentials.Token;

        var signature = AWS4PreSignedUrlSigner.SignRequest(
            request, config, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey, "rds", wanted.SourceRegion);
        wanted.PreSignedUrl = $"{AmazonServiceClient.ComposeUrl(request).AbsoluteUri}&{signature.ForQueryParameters}";
    }
}
