using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace Automation.Tests.Gate;

/// <summary>
/// An IAM database token by AWSSDK.Core's own presigner, fed as <c>RDSAuthTokenGenerator</c> of AWSSDK.RDS feeds it. Signed
/// at the machine's time: the presigner takes no other.
/// </summary>
internal static class SdkToken
{
    public static string Create(ImmutableCredentials credentials, string region, string host, int port, string user)
    {
        var request = new DefaultRequest(new TokenRequest(), "rds")
        {
            UseQueryString = true,
            HttpMethod = "GET",
            Endpoint = new UriBuilder(Uri.UriSchemeHttps, host, port).Uri,
        };
        request.Parameters.Add("X-Amz-Expires", "900");
        request.Parameters.Add("DBUser", user);
        request.Parameters.Add("Action", "connect");
        if (credentials.UseToken) request.Parameters["X-Amz-Security-Token"] = credentials.Token;

        var signed = AWS4PreSignedUrlSigner.SignRequest(
            request, null, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey, "rds-db", region);
        var url = AmazonServiceClient.ComposeUrl(request).AbsoluteUri + "&" + signed.ForQueryParameters;
        return url[$"{Uri.UriSchemeHttps}://".Length..];
    }

    private sealed class TokenRequest : AmazonWebServiceRequest;
}
