using System.Security.Cryptography.X509Certificates;

namespace Automation.Lab.Tls;

/// <summary>A server's certificate with its key, as files (PostgreSQL) and as an object (<c>SslStream</c>).</summary>
/// <param name="CertificatePath">PEM file of the certificate.</param>
/// <param name="KeyPath">PEM file of the private key, readable by the lab's own user alone.</param>
/// <param name="Certificate">The certificate with its private key.</param>
internal sealed record LabCertificate(string CertificatePath, string KeyPath, X509Certificate2 Certificate);
