using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static Automation.Lab.Gate.Iam.IamTokenVerdict;

namespace Automation.Lab.Gate.Iam;

/// <summary>
/// Verifies an IAM database token as RDS does ("IAM database authentication", RDS User Guide): a presigned request for
/// <c>rds-db:connect</c>, good for 15 minutes, for one endpoint and one user.
/// </summary>
internal static class IamTokenVerifier
{
    private const string Service = "rds-db";
    private const int LongestLifeSeconds = 900;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly string[] Required =
        ["Action", "DBUser", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"];

    public static IamTokenVerdict Verify(string text, IamTokenExpectation expected, DateTimeOffset now)
    {
        if (IamToken.Parse(text) is not { } token)
            return new Refused("malformed-token", "the password is not host:port/?Action=connect&DBUser=…&X-Amz-…");
        if (Array.Find(Required, name => !token.Parameters.ContainsKey(name)) is { } missing)
            return new Refused("missing-parameter", $"the token lacks {missing}");

        return CheckSubject(token, expected) ?? CheckScope(token, expected) ?? CheckTime(token, now)
            ?? CheckSigner(token, expected, now);
    }

    private static Refused? CheckSubject(IamToken token, IamTokenExpectation expected)
    {
        var endpoint = string.Create(CultureInfo.InvariantCulture, $"{expected.Host}:{expected.Port}");
        if (token.Endpoint != endpoint) return new("wrong-endpoint", $"the token must be made for {endpoint}");
        if (token.Parameters["Action"] != "connect") return new("wrong-action", "Action must be connect");
        return token.Parameters["DBUser"] == expected.User ? null
            : new("wrong-user", $"DBUser must be the user who logs in, {expected.User}");
    }

    private static Refused? CheckScope(IamToken token, IamTokenExpectation expected)
    {
        if (token.Parameters["X-Amz-Algorithm"] != SignatureV4.Algorithm)
            return new("wrong-algorithm", $"X-Amz-Algorithm must be {SignatureV4.Algorithm}");
        if (token.Parameters["X-Amz-SignedHeaders"] != "host")
            return new("wrong-signed-headers", "X-Amz-SignedHeaders must be host");

        return token.Parameters["X-Amz-Credential"].Split('/') switch
        {
            not [{ Length: > 0 }, _, _, _, _] => new("malformed-credential", "X-Amz-Credential must be key/date/Region/service/aws4_request"),
            [_, var date, _, _, _] when !token.Parameters["X-Amz-Date"].StartsWith(date + "T", StringComparison.Ordinal) =>
                new("wrong-scope-date", "the date in X-Amz-Credential must be that of X-Amz-Date"),
            [_, _, var region, _, _] when region != expected.Region =>
                new("wrong-region", $"the Region in X-Amz-Credential must be {expected.Region}"),
            [_, _, _, var service, _] when service != Service => new("wrong-service", $"the service in X-Amz-Credential must be {Service}"),
            [.., var end] when end != SignatureV4.Terminator =>
                new("malformed-credential", $"X-Amz-Credential must end in {SignatureV4.Terminator}"),
            _ => null,
        };
    }

    private static Refused? CheckTime(IamToken token, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(token.Parameters["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var signed))
            return new("malformed-date", "X-Amz-Date must be yyyyMMddTHHmmssZ");
        if (!int.TryParse(token.Parameters["X-Amz-Expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var life)
            || life is < 1 or > LongestLifeSeconds)
            return new("malformed-expiry", $"X-Amz-Expires must be 1 to {LongestLifeSeconds} seconds");
        if (signed > now + ClockSkew) return new("not-yet-valid", "X-Amz-Date is more than 5 minutes in the future");
        return now > signed.AddSeconds(life) ? new("expired", $"the token was good for {life} s") : null;
    }

    private static IamTokenVerdict CheckSigner(IamToken token, IamTokenExpectation expected, DateTimeOffset now)
    {
        var credential = token.Parameters["X-Amz-Credential"].Split('/');
        var accessKeyId = credential[0];
        if (expected.Credentials(accessKeyId) is not { } signer)
            return new Refused("unknown-access-key", "no credential of the account has this access key id");
        if (now > signer.Expires) return new Refused("expired-credentials", "the credentials that signed the token have expired");
        if (!FixedTimeEquals(token.Parameters.GetValueOrDefault("X-Amz-Security-Token", ""), signer.SessionToken ?? ""))
            return new Refused("wrong-session-token", "X-Amz-Security-Token must be that of the access key");

        var request = SignatureV4.CanonicalRequest(token.Endpoint, token.Parameters.Where(p => p.Key != "X-Amz-Signature"));
        var toSign = SignatureV4.StringToSign(token.Parameters["X-Amz-Date"], string.Join('/', credential[1..]), request);
        var signature = SignatureV4.Sign(signer.SecretAccessKey, credential[1], credential[2], credential[3], toSign);
        if (!FixedTimeEquals(token.Parameters["X-Amz-Signature"], signature))
            return new Refused("wrong-signature", "the signature is not that of the access key over this token");

        return signer.ConnectAs?.Contains(expected.User) ?? true ? new Accepted(accessKeyId)
            : new Refused("not-permitted", $"the access key has no rds-db:connect on {expected.User}");
    }

    private static bool FixedTimeEquals(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
