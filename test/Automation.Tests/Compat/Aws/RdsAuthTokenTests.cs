using System.Security.Cryptography;
using System.Text;
using System.Web;
using Amazon;
using Amazon.RDS.Util;
using Amazon.Runtime;

namespace Automation.Tests.Compat.Aws;

public sealed class RdsAuthTokenTests
{
    private const string Host = "orders.abc.eu-central-1.rds.amazonaws.com";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static readonly BasicAWSCredentials Credentials = new("AKIAIOSFODNN7EXAMPLE", Secret);

    [Fact]
    public void Token_OfLongTermCredentials_NamesHostUserAndQuarterOfAnHour()
    {
        var token = RDSAuthTokenGenerator.GenerateAuthToken(Credentials, RegionEndpoint.EUCentral1, Host, 5432, "automation");

        Assert.StartsWith($"{Host}:5432/?", token, StringComparison.Ordinal);
        var query = QueryOf(token);
        Assert.Equal("connect", query["Action"]);
        Assert.Equal("automation", query["DBUser"]);
        Assert.Equal("900", query["X-Amz-Expires"]);
        Assert.Equal("AWS4-HMAC-SHA256", query["X-Amz-Algorithm"]);
        Assert.EndsWith("/eu-central-1/rds-db/aws4_request", query["X-Amz-Credential"], StringComparison.Ordinal);
        Assert.Null(query["X-Amz-Security-Token"]);
    }

    [Theory]
    [InlineData("automation")]
    [InlineData("user name+with/reserved=characters&more")]
    [InlineData("größe")]
    public void Token_OfAnyUser_HasTheSignatureOfTheAlgorithm(string user)
    {
        var token = RDSAuthTokenGenerator.GenerateAuthToken(Credentials, RegionEndpoint.EUCentral1, Host, 5432, user);

        Assert.Equal(user, QueryOf(token)["DBUser"]);
        Assert.Equal(SignatureOf(token), QueryOf(token)["X-Amz-Signature"]);
    }

    [Fact]
    public async Task Token_OfTemporaryCredentials_CarriesTheirTokenSigned()
    {
        var temporary = new SessionAWSCredentials("ASIAIOSFODNN7EXAMPLE", Secret, "a/session+token==");

        var token = await RDSAuthTokenGenerator.GenerateAuthTokenAsync(temporary, RegionEndpoint.EUCentral1, Host, 5432, "automation");

        Assert.Equal("a/session+token==", QueryOf(token)["X-Amz-Security-Token"]);
        Assert.Equal(SignatureOf(token), QueryOf(token)["X-Amz-Signature"]);
    }

    [Theory]
    [InlineData("", 5432, "automation")]
    [InlineData(" ", 5432, "automation")]
    [InlineData(Host, -1, "automation")]
    [InlineData(Host, 65536, "automation")]
    [InlineData(Host, 5432, "")]
    [InlineData(Host, 5432, null)]
    public void Token_OfAnImpossibleTarget_IsRefused(string host, int port, string? user) =>
        Assert.Throws<ArgumentException>(() =>
            RDSAuthTokenGenerator.GenerateAuthToken(Credentials, RegionEndpoint.EUCentral1, host, port, user));

    [Fact]
    public void Token_WithoutCredentials_IsRefused() =>
        Assert.Throws<ArgumentNullException>(() =>
            RDSAuthTokenGenerator.GenerateAuthToken((AWSCredentials)null!, RegionEndpoint.EUCentral1, Host, 5432, "automation"));

    private static System.Collections.Specialized.NameValueCollection QueryOf(string token) =>
        HttpUtility.ParseQueryString(new Uri("https://" + token).Query);

    /// <summary>Signature Version 4 of a presigned GET, computed again from what the token says.</summary>
    private static string SignatureOf(string token)
    {
        var query = token[(token.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&')
            .Where(p => !p.StartsWith("X-Amz-Signature=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var fields = QueryOf(token);
        var scope = fields["X-Amz-Credential"]!.Split('/')[1..];
        var canonical = string.Join('\n', "GET", "/", string.Join('&', query), $"host:{Host}:5432", "", "host", Hex(SHA256.HashData([])));
        var text = string.Join('\n', "AWS4-HMAC-SHA256", fields["X-Amz-Date"], string.Join('/', scope), Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = scope.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
