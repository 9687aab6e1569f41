using System.Globalization;
using System.Text.RegularExpressions;
using Amazon;
using Amazon.RDS.Util;
using Amazon.Runtime;
using Automation.Database;
using Automation.Lab.Gate;
using Automation.Lab.Gate.Iam;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Gate;

public sealed partial class IamTokenVerifierTests
{
    private static readonly DateTimeOffset Now = ForgedToken.Signed.AddMinutes(1);

    private static readonly IamTokenExpectation Expected = new()
    {
        Host = "orders.abc.eu-west-1.rds.amazonaws.com",
        Port = 5432,
        User = "automation",
        Region = "eu-west-1",
        Credentials = Known(("AKIDLAB", new GateCredential { SecretAccessKey = "lab/secret+key" })),
    };

    private static readonly IamTokenExpectation ExpectedTemporary = Expected with
    {
        Credentials = Known(("ASIALAB", new GateCredential
        {
            SecretAccessKey = "lab/secret+key",
            SessionToken = "session+token/==",
            Expires = ForgedToken.Signed.AddMinutes(5),
        })),
    };

    private static readonly ForgedToken Temporary = new() { AccessKey = "ASIALAB", SecurityToken = "session+token/==" };

    [Fact]
    public void Verify_TokenForThisLogin_IsAccepted() =>
        Assert.Equal(new IamTokenVerdict.Accepted("AKIDLAB"), IamTokenVerifier.Verify(new ForgedToken().Create(), Expected, Now));

    [Fact]
    public void Verify_TokenOfTemporaryCredentials_IsAccepted() =>
        Assert.Equal(new IamTokenVerdict.Accepted("ASIALAB"), IamTokenVerifier.Verify(Temporary.Create(), ExpectedTemporary, Now));

    /// <summary>Every field in turn says something else, and the token is signed over it.</summary>
    public static TheoryData<string, string> AlteredFields()
    {
        var good = new ForgedToken();
        return new TheoryData<string, string>
        {
            { "wrong-endpoint", (good with { Endpoint = "other.abc.eu-west-1.rds.amazonaws.com:5432" }).Create() },
            { "wrong-endpoint", (good with { Endpoint = "orders.abc.eu-west-1.rds.amazonaws.com:5433" }).Create() },
            { "wrong-endpoint", (good with { Endpoint = "orders.abc.eu-west-1.rds.amazonaws.com" }).Create() },
            { "wrong-endpoint", (good with { Endpoint = "ORDERS.abc.eu-west-1.rds.amazonaws.com:5432" }).Create() },
            { "wrong-action", (good with { Action = "describe" }).Create() },
            { "wrong-user", (good with { User = "app" }).Create() },
            { "wrong-user", (good with { User = "Automation" }).Create() },
            { "wrong-user", (good with { User = "" }).Create() },
            { "wrong-algorithm", (good with { Algorithm = "AWS4-ECDSA-P256-SHA256" }).Create() },
            { "wrong-signed-headers", (good with { SignedHeaders = "host;x-amz-date" }).Create() },
            { "malformed-credential", (good with { Credential = "AKIDLAB" }).Create() },
            { "malformed-credential", (good with { Credential = "/20240506/eu-west-1/rds-db/aws4_request" }).Create() },
            { "malformed-credential", (good with { Credential = "AKIDLAB/20240506/eu-west-1/rds-db/aws4_request/x" }).Create() },
            { "malformed-credential", (good with { Terminator = "aws5_request" }).Create() },
            { "wrong-scope-date", (good with { ScopeDate = "20240507" }).Create() },
            { "wrong-scope-date", (good with { ScopeDate = "" }).Create() },
            { "wrong-region", (good with { Region = "eu-west-2" }).Create() },
            { "wrong-service", (good with { Service = "rds" }).Create() },
            { "malformed-date", (good with { Date = "20240506T23:00:00Z" }).Create() },
            { "malformed-date", (good with { Date = "20240506T250000Z" }).Create() },
            { "malformed-expiry", (good with { Expires = "901" }).Create() },
            { "malformed-expiry", (good with { Expires = "0" }).Create() },
            { "malformed-expiry", (good with { Expires = "-1" }).Create() },
            { "malformed-expiry", (good with { Expires = "900.0" }).Create() },
            { "malformed-expiry", (good with { Expires = "99999999999" }).Create() },
            { "unknown-access-key", (good with { AccessKey = "AKIDOTHER" }).Create() },
            { "wrong-session-token", (good with { SecurityToken = "unasked" }).Create() },
            { "wrong-signature", (good with { Secret = "lab/secret+kez" }).Create() },
            { "missing-parameter", (good with { Action = null }).Create() },
            { "missing-parameter", (good with { User = null }).Create() },
            { "missing-parameter", (good with { Algorithm = null }).Create() },
            { "missing-parameter", (good with { Date = null }).Create() },
            { "missing-parameter", (good with { Expires = null }).Create() },
            { "missing-parameter", (good with { SignedHeaders = null }).Create() },
            { "missing-parameter", good.Create().Split("&X-Amz-Signature=")[0] },
            { "missing-parameter", CredentialParameter().Replace(good.Create(), "") },
            { "malformed-token", good.Create() + "&DBUser=automation" },
            { "malformed-token", good.Create() + "&" },
            { "malformed-token", good.Create() + "&x" },
            { "malformed-token", good.Create().Replace("%2F", "%2f", StringComparison.Ordinal) },
            { "malformed-token", good.Create().Replace("%2F", "/", StringComparison.Ordinal) },
            { "malformed-token", good.Create().Replace("DBUser=automation", "DBUser=%61utomation", StringComparison.Ordinal) },
            { "malformed-token", "https://" },
            { "malformed-token", "" },
            { "malformed-token", "correct horse battery staple" },
            { "wrong-signature", good.Create() + "&extra=1" },
        };
    }

    [Theory]
    [MemberData(nameof(AlteredFields))]
    public void Verify_OneAlteredField_IsRefusedForIt(string reason, string token) =>
        Assert.Equal(reason, Assert.IsType<IamTokenVerdict.Refused>(IamTokenVerifier.Verify(token, Expected, Now)).Reason);

    [Theory]
    [InlineData(-301, "not-yet-valid")]
    [InlineData(-300, null)]
    [InlineData(0, null)]
    [InlineData(900, null)]
    [InlineData(901, "expired")]
    public void Verify_AtTheEdgesOfItsLife_IsAcceptedOnlyWithin(int secondsAfterSigning, string? reason) =>
        AssertReason(reason, IamTokenVerifier.Verify(new ForgedToken().Create(), Expected, ForgedToken.Signed.AddSeconds(secondsAfterSigning)));

    [Fact]
    public void Verify_ShorterLifeAsked_EndsThen() =>
        AssertReason("expired", IamTokenVerifier.Verify(
            (new ForgedToken() with { Expires = "60" }).Create(), Expected, ForgedToken.Signed.AddSeconds(61)));

    [Theory]
    [InlineData("session+token/=", "wrong-session-token")]
    [InlineData(null, "wrong-session-token")]
    public void Verify_TemporaryCredentialsWithAnotherSessionToken_AreRefused(string? sessionToken, string reason) =>
        AssertReason(reason, IamTokenVerifier.Verify((Temporary with { SecurityToken = sessionToken }).Create(), ExpectedTemporary, Now));

    // A token never outlives the credentials that signed it, whatever X-Amz-Expires says.
    [Fact]
    public void Verify_CredentialsExpiredSince_IsRefused() =>
        AssertReason("expired-credentials", IamTokenVerifier.Verify(Temporary.Create(), ExpectedTemporary, ForgedToken.Signed.AddMinutes(6)));

    [Theory]
    [InlineData("automation", null)]
    [InlineData("app", "not-permitted")]
    [InlineData(null, "not-permitted")]
    public void Verify_PolicyWithUsers_AllowsOnlyThese(string? allowed, string? reason)
    {
        var credential = new GateCredential
        {
            SecretAccessKey = "lab/secret+key",
            ConnectAs = new HashSet<string>(allowed is null ? [] : [allowed], StringComparer.Ordinal),
        };

        AssertReason(reason, IamTokenVerifier.Verify(
            new ForgedToken().Create(), Expected with { Credentials = Known(("AKIDLAB", credential)) }, Now));
    }

    [Fact]
    public void Verify_WrongSignatureAndNoPermission_DoesNotTellWhoIsPermitted()
    {
        var credential = new GateCredential { SecretAccessKey = "lab/secret+key", ConnectAs = new HashSet<string>() };

        AssertReason("wrong-signature", IamTokenVerifier.Verify(
            (new ForgedToken() with { Secret = "guess" }).Create(), Expected with { Credentials = Known(("AKIDLAB", credential)) }, Now));
    }

    // Exhaustive: any bit of any character, so of the signature and of every signed parameter, its name included.
    [Fact]
    public void Verify_AnyBitFlipped_IsRefused()
    {
        var token = Temporary.Create();
        for (var index = 0; index < token.Length; index++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var flipped = token.ToCharArray();
                flipped[index] ^= (char)(1 << bit);
                Assert.IsType<IamTokenVerdict.Refused>(IamTokenVerifier.Verify(new string(flipped), ExpectedTemporary, Now));
            }
        }
    }

    [Fact]
    public void Verify_AnyPieceCutOutDoubledOrPutIn_IsRefused()
    {
        var token = Temporary.Create();
        Prop.ForAll<NonNegativeInt, PositiveInt, string>((at, length, put) =>
        {
            var start = at.Get % token.Length;
            var end = Math.Min(start + length.Get, token.Length);
            return Refused(token.Remove(start, end - start))
                && Refused(token.Insert(start, token[start..end]))
                && (string.IsNullOrEmpty(put) || Refused(token.Insert(start, put)));
        }).QuickCheckThrowOnFailure();

        bool Refused(string text) => IamTokenVerifier.Verify(text, ExpectedTemporary, Now) is IamTokenVerdict.Refused;
    }

    [Fact]
    public void Verify_AnyText_IsRefusedWithoutRepeatingIt() =>
        Prop.ForAll<NonEmptyString>(text =>
            IamTokenVerifier.Verify(text.Get + "/?secret=text", Expected, Now) is IamTokenVerdict.Refused refused
            && !refused.ToString().Contains("secret", StringComparison.Ordinal)).QuickCheckThrowOnFailure();

    public static TheoryData<string, string?> Logins() => new()
    {
        { "automation", null },
        { "automation", "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQD+/x==" },
        { "Öffnung & app@eu/1+2", null },
    };

    [Theory]
    [MemberData(nameof(Logins))]
    public void Verify_TokenByTheAwsSdk_IsAccepted(string user, string? sessionToken)
    {
        AWSCredentials credentials = sessionToken is null
            ? new BasicAWSCredentials("AKIDLAB", "lab/secret+key")
            : new SessionAWSCredentials("AKIDLAB", "lab/secret+key", sessionToken);
        var token = RDSAuthTokenGenerator.GenerateAuthToken(
            credentials, RegionEndpoint.EUWest1, Expected.Host, Expected.Port, user);
        // The generator signs at the machine's time and takes no other.
        var signed = DateTimeOffset.ParseExact(DateParameter().Match(token).Groups[1].Value, "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        AssertGoodForUserAlone(token, user, sessionToken, signed);
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public void Verify_TokenByAutomationDatabase_IsAccepted(string user, string? sessionToken) =>
        AssertGoodForUserAlone(
            IamTokenSigner.Sign(new ImmutableCredentials("AKIDLAB", "lab/secret+key", sessionToken), Expected.Region,
                Expected.Host, Expected.Port, user, ForgedToken.Signed),
            user, sessionToken, Now);

    [Fact]
    public void ToString_OfWhatHoldsSecrets_DoesNotShowThem()
    {
        Assert.DoesNotContain("lab/secret", new GateCredential { SecretAccessKey = "lab/secret+key" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", IamToken.Parse(new ForgedToken().Create())!.ToString(), StringComparison.Ordinal);
    }

    private static void AssertGoodForUserAlone(string token, string user, string? sessionToken, DateTimeOffset now)
    {
        var expected = Expected with
        {
            User = user,
            Credentials = Known(("AKIDLAB", new GateCredential { SecretAccessKey = "lab/secret+key", SessionToken = sessionToken })),
        };

        Assert.Equal(new IamTokenVerdict.Accepted("AKIDLAB"), IamTokenVerifier.Verify(token, expected, now));
        AssertReason("wrong-user", IamTokenVerifier.Verify(token, expected with { User = "postgres" }, now));
    }

    private static void AssertReason(string? reason, IamTokenVerdict verdict) =>
        Assert.Equal(reason, (verdict as IamTokenVerdict.Refused)?.Reason);

    private static Func<string, GateCredential?> Known(params (string Id, GateCredential Credential)[] credentials) =>
        id => credentials.FirstOrDefault(known => known.Id == id).Credential;

    [GeneratedRegex("X-Amz-Credential=[^&]*&")]
    private static partial Regex CredentialParameter();

    [GeneratedRegex("X-Amz-Date=([0-9TZ]+)")]
    private static partial Regex DateParameter();
}
