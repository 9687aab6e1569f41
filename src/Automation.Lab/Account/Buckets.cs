using System.Text;

namespace Automation.Lab.Account;

/// <summary>Creates the template's buckets. It is one request, and the lab needs nothing else of S3, so there is no client for it.</summary>
internal sealed class Buckets(Uri moto, string region)
{
    /// <summary>The one Region that must not be named when a bucket is made there.</summary>
    private const string FirstRegion = "us-east-1";

    /// <exception cref="InvalidOperationException">moto refused, for example because the name is taken.</exception>
    public async Task CreateAsync(string name, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(moto, name));
        if (region != FirstRegion)
        {
            request.Content = new StringContent(
                $"<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>",
                Encoding.UTF8, "application/xml");
        }
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential=lab/20260101/{region}/s3/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"moto refused to make the bucket {name}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }
}
