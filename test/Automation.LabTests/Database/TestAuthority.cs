using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Automation.LabTests.Database;

/// <summary>A certificate authority that also issues what no honest one would.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key;
    private readonly X509Certificate2 certificate;

    private TestAuthority(ECDsa key, X509Certificate2 certificate)
    {
        this.key = key;
        this.certificate = certificate;
    }

    public string Pem => certificate.ExportCertificatePem();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static TestAuthority Create(string name = "test authority")
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestAuthority(key, Authority(name, key).CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1)));
    }

    public TestAuthority Intermediate()
    {
        var itsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Authority("intermediate", itsKey).Create(certificate, Now.AddYears(-1), Now.AddMonths(6), RandomNumberGenerator.GetBytes(8));
        return new TestAuthority(itsKey, issued.CopyWithPrivateKey(itsKey));
    }

    public X509Certificate2 Issue(string host, DateTimeOffset? until = null, bool forServers = true, Uri? issuerAt = null)
    {
        using var itsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Server(host, itsKey, forServers);
        if (issuerAt is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerAt.ToString()]));
        using var issued = request.Create(certificate, Now.AddMonths(-6), until ?? Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(itsKey);
    }

    public static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Server(host, key, forServers: true).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private static CertificateRequest Server(string host, ECDsa key, bool forServers)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        // RFC 5280: id-kp-serverAuth, id-kp-clientAuth.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forServers ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        return request;
    }
}
