using System.Net;
using System.Net.Sockets;
using System.Text;
using Automation.Database;
using Login = Automation.LabTests.Database.TestLogin;

namespace Automation.LabTests.Database;

/// <summary>No password and no token leaves without verified TLS, whatever the server does; read from the bytes it received.</summary>
public sealed class HostileServerTests : IDisposable
{
    private readonly TestClient ours = new();

    public static TheoryData<string, Login> EveryTrickBeforeTls => Each(Tricks.BeforeTls.Keys);

    public static TheoryData<string, Login> EveryTrickAroundTheHandshake => Each(Tricks.AroundTheHandshake.Keys);

    [Theory, MemberData(nameof(EveryTrickBeforeTls))]
    public async Task Open_ServerAvoidsTls_SendsTheRequestForTlsAndNothingElse(string trick, Login login)
    {
        await using var server = ScriptedServer.Start(client => Tricks.BeforeTls[trick](client, ours.Authority));

        var failure = await ours.FailToOpenAsync(server, login);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
        Assert.Equal(Messages.SslRequest, Assert.Single(server.Conversations).Wire);
    }

    [Theory, MemberData(nameof(EveryTrickAroundTheHandshake))]
    public async Task Open_ServerNotVerified_SendsNothingInsideTls(string trick, Login login)
    {
        await using var server = ScriptedServer.Start(client => Tricks.AroundTheHandshake[trick](client, ours.Authority));

        var failure = await ours.FailToOpenAsync(server, login);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
        var client = Assert.Single(server.Conversations);
        Assert.Equal(Messages.SslRequest, client.InTheClear);
        Assert.Empty(client.InsideTls);
    }

    [Theory]
    [InlineData(Login.Password, Messages.Cleartext)]
    [InlineData(Login.Password, Messages.Md5)]
    [InlineData(Login.Password, Messages.Gss)]
    [InlineData(Login.Password, Messages.Ok)]
    [InlineData(Login.Iam, Messages.Md5)]
    [InlineData(Login.Iam, Messages.Sasl)]
    [InlineData(Login.Iam, Messages.Gss)]
    [InlineData(Login.Iam, Messages.Ok)]
    public async Task Open_VerifiedServerAsksForAnotherKindOfLogin_GetsNoLogin(Login login, int kind)
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(kind, kind switch
            {
                Messages.Md5 => Messages.Md5Salt,
                Messages.Sasl => Messages.ScramMechanisms,
                _ => [],
            });
            await client.DrainAsync();
        });

        var failure = await ours.FailToOpenAsync(server, login);

        Assert.Equal(FailureClass.Authentication, failure.Class);
        var client = Assert.Single(server.Conversations);
        Assert.Equal(Messages.SslRequest, client.InTheClear);
        // The startup message, whose length is in its fourth byte, and then nothing but the goodbye.
        var sent = client.InsideTls;
        Assert.Contains("user\0", Encoding.UTF8.GetString(sent), StringComparison.Ordinal);
        byte[] afterStartup = [.. sent.Skip(sent[3])];
        Assert.True(afterStartup is [] || afterStartup.SequenceEqual(Messages.Of('X')), Convert.ToHexString(afterStartup));
    }

    // An unknown kind of authentication; an answer to a question nobody asked; no PostgreSQL at all.
    [Theory]
    [InlineData("R\0\0\0\u0008\0\0\0c")]
    [InlineData("Z\0\0\0\u0005I")]
    [InlineData("?\0\0\0\u0004")]
    public async Task Open_VerifiedServerTalksNonsense_IsAFailureAndNotACrash(string nonsense)
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.WriteAsync(Encoding.Latin1.GetBytes(nonsense));
            await client.DrainAsync();
        });

        Assert.Equal(FailureClass.Other, (await ours.FailToOpenAsync(server, Login.Iam)).Class);
    }

    [Fact]
    public async Task Open_HandshakeBreaksOff_IsUnreachableAndNotAForgery()
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.ReadUntypedAsync();
            await client.WriteAsync((byte)'S');
            await client.DisposeAsync();
        });

        Assert.Equal(FailureClass.Unreachable, (await ours.FailToOpenAsync(server, Login.Iam)).Class);
    }

    [Fact]
    public async Task Open_CertificateNamesWhereItsIssuerIs_NobodyIsAsked()
    {
        using var intermediate = ours.Authority.Intermediate();
        var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var certificate = intermediate.Issue(Tricks.Host,
            issuerAt: new Uri($"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/issuer.crt"));
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(certificate);
            await client.DrainAsync();
        });

        var failure = await ours.FailToOpenAsync(server, Login.Iam);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
        Assert.False(elsewhere.Pending());
        elsewhere.Stop();
    }

    public void Dispose() => ours.Dispose();

    private static TheoryData<string, Login> Each(IEnumerable<string> tricks)
    {
        var all = new TheoryData<string, Login>();
        foreach (var trick in tricks)
            foreach (var login in Enum.GetValues<Login>()) all.Add(trick, login);
        return all;
    }
}
