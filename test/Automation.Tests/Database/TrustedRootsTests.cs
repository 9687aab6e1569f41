using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Automation.Database;

namespace Automation.Tests.Database;

public sealed class TrustedRootsTests
{
    [Fact]
    public void Bundled_HoldsRdsAndProxyRoots()
    {
        var subjects = TrustedRoots.Bundled.Certificates.Select(certificate => certificate.Subject).ToList();

        Assert.Contains(subjects, subject => subject.Contains("Amazon RDS eu-central-1 Root CA RSA2048 G1", StringComparison.Ordinal));
        Assert.Contains(subjects, subject => subject.Contains("Amazon Root CA 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Bundled_EveryCertificate_IsASelfSignedAuthorityWithAYearLeft()
    {
        var soon = TimeProvider.System.GetUtcNow().AddYears(1);

        Assert.All(TrustedRoots.Bundled.Certificates, certificate =>
        {
            Assert.Equal(certificate.Subject, certificate.Issuer);
            Assert.True(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
            Assert.True(certificate.NotAfter > soon, $"{certificate.Subject} ends {certificate.NotAfter:d}: refresh Certificates/.");
        });
    }

    [Fact]
    public void Parse_SeveralWithText_TakesAll() =>
        Assert.Equal(2, TrustedRoots.Parse($"# one\n{Pem("one")}\n# two\n{Pem("two")}", "test").Count);

    [Theory]
    [InlineData("")]
    [InlineData("not a certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Parse_NoCertificate_NamesTheSource(string pem)
    {
        var e = Assert.Throws<InvalidDataException>(() => TrustedRoots.Parse(pem, "CA_BUNDLE_PATH: 'x.pem'"));

        Assert.StartsWith("CA_BUNDLE_PATH: 'x.pem' holds", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SecondCutShort_IsRefusedRatherThanTrustingLess()
    {
        var pem = $"{Pem("one")}\n{Pem("two")[..200]}";

        var e = Assert.Throws<InvalidDataException>(() => TrustedRoots.Parse(pem, "test"));

        Assert.Contains("2 certificates, of which only 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_Missing_NamesTheSettingAndThePath()
    {
        var e = Assert.Throws<InvalidDataException>(() => TrustedRoots.FromFile("/nonexistent/roots.pem", "CA_BUNDLE_PATH"));

        Assert.StartsWith("CA_BUNDLE_PATH:", e.Message, StringComparison.Ordinal);
        Assert.Contains("/nonexistent/roots.pem", e.Message, StringComparison.Ordinal);
    }

    private static string Pem(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now, now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
