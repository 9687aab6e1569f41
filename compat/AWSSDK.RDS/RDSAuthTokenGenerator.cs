using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace Amazon.RDS.Util;

/// <summary>
/// Passwords for PostgreSQL roles with <c>rds_iam</c>: a presigned request to <c>rds-db</c> without its scheme, valid for
/// 15 minutes. Nothing is sent.
/// </summary>
public static class RDSAuthTokenGenerator
{
    private const string SigningName = "rds-db";
    private const string Scheme = "https://";

    public static string GenerateAuthToken(string hostname, int port, string dbUser) =>
        GenerateAuthToken(FallbackRegionFactory.GetRegionEndpoint(), hostname, port, dbUser);

    public static string GenerateAuthToken(RegionEndpoint region, string hostname, int port, string dbUser) =>
        GenerateAuthToken(DefaultCredentials(), region, hostname, port, dbUser);

    public static string GenerateAuthToken(AWSCredentials credentials, string hostname, int port, string dbUser) =>
        GenerateAuthToken(credentials, FallbackRegionFactory.GetRegionEndpoint(), hostname, port, dbUser);

    public static string GenerateAuthToken(AWSCredentials credentials, RegionEndpoint region, string hostname, int port, string dbUser)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return Sign(credentials.GetCredentials(), region, hostname, port, dbUser);
    }

    public static Task<string> GenerateAuthTokenAsync(string hostname, int port, string dbUser) =>
        GenerateAuthTokenAsync(FallbackRegionFactory.GetRegionEndpoint(), hostname, port, dbUser);

    public static Task<string> GenerateAuthTokenAsync(RegionEndpoint region, string hostname, int port, string dbUser) =>
        GenerateAuthTokenAsync(DefaultCredentials(), region, hostname, port, dbUser);

    public static Task<string> GenerateAuthTokenAsync(AWSCredentials credentials, string hostname, int port, string dbUser) =>
        GenerateAuthTokenAsync(credentials, FallbackRegionFactory.GetRegionEndpoint(), hostname, port, dbUser);

    public static async Task<string> GenerateAuthTokenAsync(AWSCredentials credentials, RegionEndpoint region, string hostname, int port, string dbUser)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return Sign(await credentials.GetCredentialsAsync().ConfigureAwait(false), region, hostname, port, dbUser);
    }

    private static AWSCredentials DefaultCredentials() => DefaultIdentityResolverConfiguration.ResolveDefaultIdentity<AWSCredentials>();

    private static string Sign(ImmutableCredentials credentials, RegionEndpoint region, string hostname, int port, string dbUser)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(region);
        if (port is < 0 or > 65535)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{port} is an invalid port. Port must be 0 to 65535."));
        hostname = hostname?.Trim();
        if (string.IsNullOrEmpty(hostname)) throw new ArgumentException("Hostname must not be null or empty.");
        dbUser = dbUser?.Trim();
        if (string.IsNullOrEmpty(dbUser)) throw new ArgumentException("DBUser must not be null or empty.");

        var request = new DefaultRequest(new ConnectRequest(), SigningName)
        {
            UseQueryString = true,
            HttpMethod = "GET",
            Endpoint = new UriBuilder(Uri.UriSchemeHttps, hostname, port).Uri,
        };
        request.Parameters["X-Amz-Expires"] = "900";
        request.Parameters["DBUser"] = dbUser;
        request.Parameters["Action"] = "connect";
        if (credentials.UseToken) request.Parameters["X-Amz-Security-Token"] = credentials.Token;

        var signature = AWS4PreSignedUrlSigner.SignRequest(
            request, null, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey, SigningName, region.SystemName);
        return $"{AmazonServiceClient.ComposeUrl(request).AbsoluteUri[Scheme.Length..]}&{signature.ForQueryParameters}";
    }

    /// <summary>The signer works on request objects; this one is never sent.</summary>
    private sealed class ConnectRequest : AmazonWebServiceRequest
    {
        public ConnectRequest() => ((IAmazonWebServiceRequest)this).SignatureVersion = SignatureVersion.SigV4;
    }
}
