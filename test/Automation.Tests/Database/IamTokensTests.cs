using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.RDS.Util;
using Amazon.Runtime;
using Automation.Database;

namespace Automation.Tests.Database;

public sealed class IamTokensTests
{
    private const string Host = "orders.abc123.eu-central-1.rds.amazonaws.com";
    private readonly ManualClock clock = ManualClock.AtNoon();

    [Fact]
    public async Task Get_WithinItsLife_GivesTheSameToken()
    {
        var tokens = TestTokens.New(clock);
        var first = await tokens.GetAsync(Host, 5432, "automation");

        clock.Pass(TimeSpan.FromSeconds(869));

        Assert.Equal(first, await tokens.GetAsync(Host, 5432, "automation"));
    }

    [Fact]
    public async Task Get_ThirtySecondsBeforeItsEnd_SignsAnother()
    {
        var tokens = TestTokens.New(clock);
        var first = await tokens.GetAsync(Host, 5432, "automation");

        clock.Pass(TimeSpan.FromSeconds(870));
        var second = await tokens.GetAsync(Host, 5432, "automation");

        Assert.NotEqual(first, second);
        Assert.Equal("20260115T121430Z", Query(second)["X-Amz-Date"]);
    }

    [Theory]
    [InlineData("other.example.com", 5432, "automation")]
    [InlineData(Host, 5433, "automation")]
    [InlineData(Host, 5432, "other")]
    public async Task Get_OtherHostPortOrUser_GivesAnotherToken(string host, int port, string user)
    {
        var tokens = TestTokens.New(clock);

        Assert.NotEqual(await tokens.GetAsync(Host, 5432, "automation"), await tokens.GetAsync(host, port, user));
    }

    [Fact]
    public async Task Forget_AToken_SignsAnotherAtTheNextLogin()
    {
        var tokens = TestTokens.New(clock);
        var first = await tokens.GetAsync(Host, 5432, "automation");
        clock.Pass(TimeSpan.FromSeconds(1));

        tokens.Forget(Host, 5432, "automation");

        Assert.NotEqual(first, await tokens.GetAsync(Host, 5432, "automation"));
    }

    [Fact]
    public async Task Get_CredentialsEndFirst_KeepsTheTokenNoLonger()
    {
        var credentials = new ExpiringCredentials(clock, lifetime: TimeSpan.FromMinutes(5));
        var tokens = new IamTokens(credentials, TestTokens.Region, clock);
        var first = await tokens.GetAsync(Host, 5432, "automation");

        clock.Pass(TimeSpan.FromSeconds(269));
        Assert.Equal(first, await tokens.GetAsync(Host, 5432, "automation"));
        Assert.Equal(1, credentials.Asked);

        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, await tokens.GetAsync(Host, 5432, "automation"));
        Assert.Equal(2, credentials.Asked);
    }

    [Fact]
    public async Task Get_NoCredentials_SaysSo()
    {
        var tokens = new IamTokens(new NoCredentials(), TestTokens.Region, clock);

        var e = await Assert.ThrowsAsync<IamTokenException>(async () => await tokens.GetAsync(Host, 5432, "automation"));

        Assert.Contains("automation", e.Message, StringComparison.Ordinal);
        Assert.Equal(FailureClass.Authentication, DatabaseFailure.From(e, DatabaseActivity.Opening).Class);
    }

    [Theory]
    [InlineData("automation", null)]
    [InlineData("we\"ird näme&=+ ", "session/token+with==")]
    public async Task Token_OfAnyUser_IsAValidSigV4RequestToConnect(string user, string? sessionToken)
    {
        AWSCredentials credentials = sessionToken is null
            ? new BasicAWSCredentials(TestTokens.AccessKey, TestTokens.SecretKey)
            : new SessionAWSCredentials(TestTokens.AccessKey, TestTokens.SecretKey, sessionToken);

        var token = await new IamTokens(credentials, TestTokens.Region, clock).GetAsync(Host, 5432, user);

        Assert.StartsWith($"{Host}:5432/?", token, StringComparison.Ordinal);
        var query = Query(token);
        Assert.Equal(("connect", user, "900", sessionToken), (query["Action"], query["DBUser"], query["X-Amz-Expires"],
            query.GetValueOrDefault("X-Amz-Security-Token")));
        Assert.Equal($"{TestTokens.AccessKey}/20260115/eu-central-1/rds-db/aws4_request", query["X-Amz-Credential"]);
        Assert.Equal(SignatureOf(token), query["X-Amz-Signature"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("session/token+with==")]
    public void Token_OfTheSameMoment_IsTheOneThatTheSdkMakes(string? sessionToken)
    {
        AWSCredentials credentials = sessionToken is null
            ? new BasicAWSCredentials(TestTokens.AccessKey, TestTokens.SecretKey)
            : new SessionAWSCredentials(TestTokens.AccessKey, TestTokens.SecretKey, sessionToken);
        var theirs = RDSAuthTokenGenerator.GenerateAuthToken(credentials, RegionEndpoint.EUCentral1, Host, 5432, "automation");
        var moment = DateTimeOffset.ParseExact(Query(theirs)["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal);

        Assert.Equal(theirs, IamTokenSigner.Sign(credentials.GetCredentials(), TestTokens.Region, Host, 5432, "automation", moment));
    }

    [Fact]
    public void Tokens_AsText_ShowNothing() =>
        Assert.DoesNotContain(TestTokens.SecretKey, $"{new IamLogin("automation", TestTokens.New(clock))}", StringComparison.Ordinal);

    private static Dictionary<string, string> Query(string token) => token[(token.IndexOf('?', StringComparison.Ordinal) + 1)..]
        .Split('&').Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));

    /// <summary>Signature Version 4 as AWS documents it for query strings, from the token's own words.</summary>
    private static string SignatureOf(string token)
    {
        var query = Query(token);
        var canonicalQuery = string.Join('&', query.Where(pair => pair.Key != "X-Amz-Signature")
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}").Order(StringComparer.Ordinal));
        var canonical = $"GET\n/\n{canonicalQuery}\nhost:{token[..token.IndexOf('/', StringComparison.Ordinal)]}\n\nhost\n{Hex(SHA256.HashData([]))}";
        var date = query["X-Amz-Date"];
        var scope = string.Create(CultureInfo.InvariantCulture, $"{date[..8]}/{TestTokens.Region}/rds-db/aws4_request");
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + TestTokens.SecretKey),
            (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private sealed class ExpiringCredentials(TimeProvider clock, TimeSpan lifetime) : AWSCredentials
    {
        private DateTime? expiration;

        public int Asked { get; private set; }

        public override DateTime? Expiration
        {
            get => expiration;
            set => expiration = value;
        }

        public override ImmutableCredentials GetCredentials()
        {
            Asked++;
            expiration = (clock.GetUtcNow() + lifetime).UtcDateTime;
            return new ImmutableCredentials(TestTokens.AccessKey, TestTokens.SecretKey, "session");
        }
    }

    private sealed class NoCredentials : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException("none found");
    }
}
