using System.Xml.Linq;

namespace Automation.Lab.Failover;

/// <summary>The subnets of the account's default VPC, which a proxy must name. Nothing else needs EC2, so there is no client for it.</summary>
internal sealed class DefaultSubnets(Uri moto, string region)
{
    public async Task<List<string>> ListAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto)
        {
            Content = new FormUrlEncodedContent([new("Action", "DescribeSubnets"), new("Version", "2016-11-15")]),
        };
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential=lab/20260101/{region}/ec2/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request, cancellation);
        var answer = XDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation));
        return [.. answer.Descendants().Where(e => e.Name.LocalName == "subnetId").Select(e => e.Value)];
    }
}
