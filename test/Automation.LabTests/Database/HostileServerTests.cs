using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Automation.Database;
using Automation.Tests.Database;

namespace Automation.LabTests.Database;

/// <summary>No password and no token leaves without verified TLS, whatever the server does; read from the bytes it received.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const string Password = "canary-Passw0rd";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TestAuthority authority = TestAuthority.Create();
    private readonly ManualClock clock = ManualClock.AtNoon();
    private readonly IamTokens tokens;
    private readonly string roots = Path.GetTempFileName();

    public HostileServerTests()
    {
        tokens = TestTokens.New(clock);
        File.WriteAllText(roots, authority.Pem);
    }

    public enum Login
    {
        Iam,
        Password,
    }

    public static TheoryData<string, Login> EveryTrickBeforeTls => Each(Tricks.BeforeTls.Keys);

    public static TheoryData<string, Login> EveryTrickAroundTheHandshake => Each(Tricks.AroundTheHandshake.Keys);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(EveryTrickBeforeTls))]
    public async Task Open_ServerAvoidsTls_SendsTheRequestForTlsAndNothingElse(string trick, Login login)
    {
        await using var server = ScriptedServer.Start(client => Tricks.BeforeTls[trick](client, authority));

        var failure = await FailToOpenAsync(server, login);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
        var client = Assert.Single(server.Conversations);
        Assert.Equal(Messages.SslRequest, client.Wire);
    }

    [Theory, MemberData(nameof(EveryTrickAroundTheHandshake))]
    public async Task Open_ServerNotVerified_SendsNothingInsideTls(string trick, Login login)
    {
        await using var server = ScriptedServer.Start(client => Tricks.AroundTheHandshake[trick](client, authority));

        var failure = await FailToOpenAsync(server, login);

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
        using var certificate = authority.Issue(Tricks.Host);
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(kind, kind switch
            {
                Messages.Md5 => Messages.Md5Salt,
                Messages.Sasl => Messages.ScramMechanisms,
                _ => [],
            });
            await client.DrainAsync();
        });

        var failure = await FailToOpenAsync(server, login);

        Assert.Equal(FailureClass.Authentication, failure.Class);
        var client = Assert.Single(server.Conversations);
        Assert.Equal(Messages.SslRequest, client.InTheClear);
        // The startup message, and then nothing but the goodbye.
        var sent = client.InsideTls;
        Assert.Contains("user\0", Encoding.UTF8.GetString(sent), StringComparison.Ordinal);
        byte[] afterStartup = [.. sent.Skip(sent[3])];
        Assert.True(afterStartup is [] || afterStartup.SequenceEqual(Messages.Of('X')), Convert.ToHexString(afterStartup));
        await NothingSecretAsync(client.InsideTls, server.Port);
    }

    [Fact]
    public async Task Open_VerifiedServer_GetsTheTokenInsideTlsOnly()
    {
        using var certificate = authority.Issue(Tricks.Host);
        await using var server = ScriptedServer.Start(client => LetInWithTokenAsync(client, certificate));
        await using var source = Source(server, Login.Iam);

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.True(attempt.Succeeded(out var session, out _));
        await session.DisposeAsync();
        await source.DisposeAsync();
        await server.AllEndedAsync();
        var client = Assert.Single(server.Conversations);
        var token = await tokens.GetAsync(Tricks.Host, server.Port, "automation");
        Assert.Contains(token, Encoding.UTF8.GetString(client.InsideTls), StringComparison.Ordinal);
        Assert.Equal(Messages.SslRequest, client.InTheClear);
        Assert.DoesNotContain(token, Encoding.Latin1.GetString(client.Wire), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TokenRefused_TriesOnceMoreWithAFreshOne()
    {
        using var certificate = authority.Issue(Tricks.Host);
        var sent = new List<string>();
        await using var server = ScriptedServer.Start(async (client, number) =>
        {
            await client.StartTlsAsync(certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(Messages.Cleartext);
            sent.Add(await client.ReadMessageAsync());
            // A token's date has whole seconds.
            clock.Pass(TimeSpan.FromSeconds(1));
            if (number == 1) await client.WriteAsync(Messages.Error("28000", "PAM authentication failed for user \"automation\""));
            else await client.LetInAsync();
            await client.DrainAsync();
        });
        await using var source = Source(server, Login.Iam);

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.True(attempt.Succeeded(out var session, out _));
        await session.DisposeAsync();
        Assert.Equal(2, sent.Count);
        Assert.NotEqual(sent[0], sent[1]);
    }

    [Theory]
    [InlineData(Login.Iam, 2)]
    [InlineData(Login.Password, 1)]
    public async Task Open_RefusedForGood_EndsAfterOneSecondTryForTokensOnly(Login login, int tries)
    {
        using var certificate = authority.Issue(Tricks.Host);
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(certificate);
            await client.ReadUntypedAsync();
            await client.WriteAsync(Messages.Error("28P01", "password authentication failed"));
            await client.DrainAsync();
        });

        var failure = await FailToOpenAsync(server, login);

        Assert.Equal((FailureClass.Authentication, "28P01"), (failure.Class, failure.SqlState));
        Assert.Equal(tries, server.Conversations.Count);
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

        Assert.Equal(FailureClass.Unreachable, (await FailToOpenAsync(server, Login.Iam)).Class);
    }

    [Fact]
    public async Task Open_NobodyListens_IsUnreachable()
    {
        RdsDataSource nowhere;
        await using (var server = ScriptedServer.Start(_ => Task.CompletedTask)) nowhere = Source(server, Login.Iam);
        await using var source = nowhere;

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Unreachable, failure.Class);
    }

    [Fact]
    public async Task Open_CertificateNamesWhereItsIssuerIs_NobodyIsAsked()
    {
        using var intermediate = authority.Intermediate();
        var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var certificate = intermediate.Issue(Tricks.Host,
            issuerAt: new Uri($"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/issuer.crt"));
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(certificate);
            await client.DrainAsync();
        });

        var failure = await FailToOpenAsync(server, Login.Iam);

        Assert.Equal(FailureClass.TlsNotVerified, failure.Class);
        Assert.False(elsewhere.Pending());
        elsewhere.Stop();
    }

    public void Dispose()
    {
        authority.Dispose();
        File.Delete(roots);
    }

    internal static async Task LetInWithTokenAsync(Conversation client, X509Certificate2 certificate)
    {
        await client.StartTlsAsync(certificate);
        await client.ReadUntypedAsync();
        await client.AskForAuthenticationAsync(Messages.Cleartext);
        await client.ReadMessageAsync();
        await client.LetInAsync();
        await client.DrainAsync();
    }

    private static TheoryData<string, Login> Each(IEnumerable<string> tricks)
    {
        var all = new TheoryData<string, Login>();
        foreach (var trick in tricks)
            foreach (var login in Enum.GetValues<Login>()) all.Add(trick, login);
        return all;
    }

    private async Task<DatabaseFailure> FailToOpenAsync(ScriptedServer server, Login login)
    {
        await using var source = Source(server, login);
        var attempt = await source.OpenAsync(Deadline, Test);
        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.DoesNotContain("No answer within", failure.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz-Signature", failure.Sentence, StringComparison.Ordinal);
        await server.AllEndedAsync();
        return failure;
    }

    private RdsDataSource Source(ScriptedServer server, Login login) => RdsDataSource.Create(
        new DatabaseEndpoint(Tricks.Host, server.Port, EndpointKind.Instance),
        login switch
        {
            Login.Iam => new IamLogin("automation", tokens),
            _ => new PasswordLogin("app", Password),
        },
        TrustedRoots.FromFile(roots, "test"),
        new DataSourceOptions { ApplicationName = "test", Pooling = false, ConnectTimeout = Deadline },
        TimeProvider.System);

    private async Task NothingSecretAsync(byte[] sent, int port)
    {
        var text = Encoding.Latin1.GetString(sent);
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(await tokens.GetAsync(Tricks.Host, port, "automation"), text, StringComparison.Ordinal);
        Assert.DoesNotContain("md5", text, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz", text, StringComparison.Ordinal);
        Assert.DoesNotContain("n=", text, StringComparison.Ordinal);
    }
}
