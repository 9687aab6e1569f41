using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Automation.Lab.Setup;

namespace Automation.Lab.Tls;

/// <summary>
/// The certificate authority of one run: what the RDS and Amazon roots are to a real database. Its root goes to clients as
/// the PEM bundle of <c>CA_BUNDLE_PATH</c>; its key never leaves the process.
/// </summary>
internal sealed class LabCertificateAuthority : IDisposable
{
    private readonly string folder;
    private readonly DateTimeOffset now;
    private readonly X509Certificate2 root;
    private readonly ConcurrentBag<X509Certificate2> issued = [];
    private int count;

    private LabCertificateAuthority(string folder, DateTimeOffset now, X509Certificate2 root)
    {
        this.folder = folder;
        this.now = now;
        this.root = root;
    }

    /// <summary>PEM file with the root: what clients trust (<c>CA_BUNDLE_PATH</c>, <c>Root Certificate=</c>).</summary>
    public string BundlePath => Path.Combine(folder, "ca.pem");

    /// <summary>The root, without its key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(root.RawData);

    /// <param name="directory">Where the PEM files go.</param>
    /// <param name="time">Certificates are valid from an hour ago to two days from now.</param>
    /// <param name="name">The authority's name; another one makes an authority that clients of the first do not trust.</param>
    public static LabCertificateAuthority Create(LabDirectory directory, TimeProvider time, string name = "lab-ca")
    {
        var now = time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=RDS automation {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var root = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));

        var folder = directory.Combine(name);
        Directory.CreateDirectory(folder);
        var authority = new LabCertificateAuthority(folder, now, root);
        File.WriteAllText(authority.BundlePath, root.ExportCertificatePem());
        return authority;
    }

    /// <summary>A server certificate for these DNS names and IP addresses.</summary>
    public LabCertificate Issue(params IReadOnlyList<string> hosts) => Issue(hosts, now.AddMinutes(-30), now.AddDays(1));

    /// <summary>The same, but its time is over: what a client must refuse.</summary>
    public LabCertificate IssueExpired(params IReadOnlyList<string> hosts) => Issue(hosts, now.AddMinutes(-50), now.AddMinutes(-10));

    public void Dispose()
    {
        foreach (var certificate in issued) certificate.Dispose();
        root.Dispose();
    }

    private LabCertificate Issue(IReadOnlyList<string> hosts, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        if (hosts.Count == 0) throw new ArgumentException("A server certificate needs at least one DNS name or IP address.", nameof(hosts));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Names are in the extension alone: a common name ends at 64 characters, and clients no longer look at it (RFC 9525).
        var request = new CertificateRequest("CN=RDS automation lab server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));

        var number = Interlocked.Increment(ref count);
        Span<byte> serial = stackalloc byte[9];
        RandomNumberGenerator.Fill(serial);
        // A serial number is positive (RFC 5280 4.1.2.2).
        serial[0] = 1;
        using var withoutKey = request.Create(root, notBefore, notAfter, serial);
        var certificate = withoutKey.CopyWithPrivateKey(key);
        issued.Add(certificate);

        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"server-{number}"));
        File.WriteAllText(file + ".pem", certificate.ExportCertificatePem());
        WritePrivate(file + ".key", key.ExportPkcs8PrivateKeyPem());
        return new LabCertificate(file + ".pem", file + ".key", certificate);
    }

    private static void WritePrivate(string path, string text)
    {
        using var file = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(text);
    }
}
