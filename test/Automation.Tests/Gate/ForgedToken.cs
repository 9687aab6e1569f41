using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Automation.Tests.Gate;

/// <summary>
/// A token with any of its fields at will, signed correctly over what it then says: so that a refusal is for the field and
/// not for a broken signature. Signs on its own, not with the code under test.
/// </summary>
internal sealed record ForgedToken
{
    public static readonly DateTimeOffset Signed = new(2024, 5, 6, 23, 0, 0, TimeSpan.Zero);

    public string Endpoint { get; init; } = "orders.abc.eu-west-1.rds.amazonaws.com:5432";
    public string? Action { get; init; } = "connect";
    public string? User { get; init; } = "automation";
    public string? Algorithm { get; init; } = "AWS4-HMAC-SHA256";
    public string AccessKey { get; init; } = "AKIDLAB";
    public string Secret { get; init; } = "lab/secret+key";
    public string ScopeDate { get; init; } = "20240506";
    public string Region { get; init; } = "eu-west-1";
    public string Service { get; init; } = "rds-db";
    public string Terminator { get; init; } = "aws4_request";
    public string? Credential { get; init; }
    public string? Date { get; init; } = "20240506T230000Z";
    public string? Expires { get; init; } = "900";
    public string? SignedHeaders { get; init; } = "host";
    public string? SecurityToken { get; init; }

    public string Create()
    {
        var scope = $"{ScopeDate}/{Region}/{Service}/{Terminator}";
        var query = string.Join('&', new (string Name, string? Value)[]
        {
            ("Action", Action),
            ("DBUser", User),
            ("X-Amz-Algorithm", Algorithm),
            ("X-Amz-Credential", Credential ?? $"{AccessKey}/{scope}"),
            ("X-Amz-Date", Date),
            ("X-Amz-Expires", Expires),
            ("X-Amz-Security-Token", SecurityToken),
            ("X-Amz-SignedHeaders", SignedHeaders),
        }.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));

        var emptyBody = Hex(SHA256.HashData([]));
        var canonical = string.Create(CultureInfo.InvariantCulture, $"GET\n/\n{query}\nhost:{Endpoint}\n\nhost\n{emptyBody}");
        var toSign = $"AWS4-HMAC-SHA256\n{Date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + Secret), ScopeDate), Region), Service), Terminator);
        return $"{Endpoint}/?{query}&X-Amz-Signature={Hex(Mac(key, toSign))}";
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
