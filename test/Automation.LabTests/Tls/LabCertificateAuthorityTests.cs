using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Automation.Lab.Setup;
using Automation.Lab.Tls;

namespace Automation.LabTests.Tls;

/// <summary>Certificates against the real TLS of .NET, server and client.</summary>
public sealed class LabCertificateAuthorityTests : IDisposable
{
    private readonly LabDirectory directory = LabDirectory.Create();
    private readonly LabCertificateAuthority authority;

    public LabCertificateAuthorityTests() => authority = LabCertificateAuthority.Create(directory, TimeProvider.System);

    public void Dispose()
    {
        authority.Dispose();
        directory.Dispose();
    }

    // Longer than the 64 characters of a common name, as RDS's endpoints may be.
    [Theory]
    [InlineData("a-database-with-quite-a-long-name.cluster-ro-cabcdefghijk.eu-central-1.rds.amazonaws.com")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Issue_NameOrAddressInTheCertificate_ClientAccepts(string host) =>
        Assert.Null(await HandshakeAsync(authority.Issue("another.example", host), host));

    [Fact]
    public async Task Issue_AnotherHost_ClientRefuses() =>
        Assert.Contains("RemoteCertificateNameMismatch", await HandshakeAsync(authority.Issue("db.example"), "other.example"), StringComparison.Ordinal);

    [Fact]
    public async Task IssueExpired_ClientRefuses() =>
        Assert.Contains("NotTimeValid", await HandshakeAsync(authority.IssueExpired("db.example"), "db.example"), StringComparison.Ordinal);

    [Fact]
    public async Task Issue_AuthorityNotTrusted_ClientRefuses()
    {
        using var other = LabCertificateAuthority.Create(directory, TimeProvider.System, "other-ca");

        Assert.Contains("PartialChain", await HandshakeAsync(other.Issue("db.example"), "db.example"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_Key_ReadableByItsOwnerAlone()
    {
        var certificate = authority.Issue("db.example");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(certificate.KeyPath));
        Assert.DoesNotContain("PRIVATE KEY", File.ReadAllText(authority.BundlePath), StringComparison.Ordinal);
        using var pair = X509Certificate2.CreateFromPemFile(certificate.CertificatePath, certificate.KeyPath);
        Assert.Equal(certificate.Certificate.Thumbprint, pair.Thumbprint);
    }

    /// <summary>What a client that trusts the bundle says about the server; <c>null</c> when all is well.</summary>
    private async Task<string?> HandshakeAsync(LabCertificate certificate, string host)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(authority.BundlePath);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellation);
        using var accepted = await listener.AcceptTcpClientAsync(cancellation);
        await using var server = new SslStream(accepted.GetStream());
        var serving = server.AuthenticateAsServerAsync(certificate.Certificate);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { roots[0] },
                },
            }, cancellation);
            await serving;
            return null;
        }
        catch (AuthenticationException refusal)
        {
            client.Close();
            await Record.ExceptionAsync(() => serving);
            return refusal.Message;
        }
    }
}
