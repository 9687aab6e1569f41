using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Automation.Database;

/// <summary>
/// The token itself: a presigned request for the action <c>connect</c> of <c>rds-db</c>, without its scheme. The same as
/// <c>Amazon.RDS.Util.RDSAuthTokenGenerator</c> makes, from AWSSDK.Core alone: that package's client is large and nothing
/// else in it is needed to log in.
/// </summary>
internal static class IamTokenSigner
{
    private const string Service = "rds-db";

    public static string Sign(ImmutableCredentials credentials, string region, string host, int port, string user, DateTimeOffset now)
    {
        var request = new DefaultRequest(new ConnectRequest(), Service)
        {
            UseQueryString = true,
            HttpMethod = "GET",
            Endpoint = new UriBuilder(Uri.UriSchemeHttps, host, port).Uri,
        };
        request.Parameters.Add("X-Amz-Expires", "900");
        request.Parameters.Add("DBUser", user);
        request.Parameters.Add("Action", "connect");
        if (credentials.UseToken) request.Parameters.Add("X-Amz-Security-Token", credentials.Token);
        var signature = AWS4PreSignedUrlSigner.SignRequest(request, null, null, credentials.AccessKey, credentials.SecretKey,
            Service, region, now.UtcDateTime);
        var url = AmazonServiceClient.ComposeUrl(request);
        return string.Create(CultureInfo.InvariantCulture,
            $"{url.IdnHost}:{port}{url.PathAndQuery}&{signature.ForQueryParameters}");
    }

    private sealed class ConnectRequest : AmazonWebServiceRequest;
}
