using System.Security.Cryptography;
using System.Text;

namespace Automation.Lab.Gate.Iam;

/// <summary>
/// AWS Signature Version 4 of a presigned GET without body ("Create a signed AWS API request", IAM User Guide):
/// canonical request, string to sign, derived key, signature.
/// </summary>
internal static class SignatureV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256", Terminator = "aws4_request";

    private const string EmptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="host">The <c>Host</c> header, the only one that is signed: name and port.</param>
    /// <param name="query">Every parameter but the signature, decoded.</param>
    public static string CanonicalRequest(string host, IEnumerable<KeyValuePair<string, string>> query)
    {
        var encoded = query.Select(p => (Name: Uri.EscapeDataString(p.Key), Value: Uri.EscapeDataString(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name}={p.Value}");
        return $"GET\n/\n{string.Join('&', encoded)}\nhost:{host}\n\nhost\n{EmptyBodyHash}";
    }

    /// <param name="timestamp">As in <c>X-Amz-Date</c>.</param>
    /// <param name="scope">Date, Region, service and terminator, separated by slashes.</param>
    /// <param name="canonicalRequest">See <see cref="CanonicalRequest"/>.</param>
    public static string StringToSign(string timestamp, string scope, string canonicalRequest) =>
        $"{Algorithm}\n{timestamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";

    /// <param name="secret">The secret access key.</param>
    /// <param name="date">Of the scope: <c>yyyyMMdd</c>.</param>
    /// <param name="region">Of the scope.</param>
    /// <param name="service">Of the scope.</param>
    /// <param name="stringToSign">See <see cref="StringToSign"/>.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Sign(string secret, string date, string region, string service, string stringToSign)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[date, region, service, Terminator]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(stringToSign)));
    }
}
