using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Automation.Database;

/// <summary>The root certificates a server's certificate must lead to. The system's own are not trusted.</summary>
public sealed class TrustedRoots
{
    private static readonly Lazy<X509Certificate2Collection> BundledCertificates = new(ReadBundle);
    private readonly Func<X509Certificate2Collection> certificates;

    private TrustedRoots(Func<X509Certificate2Collection> certificates) => this.certificates = certificates;

    /// <summary>
    /// The roots of Amazon RDS (instances and clusters) and of Amazon Trust Services (RDS Proxy), as bundled with this
    /// library; parsed at the first handshake.
    /// </summary>
    public static TrustedRoots Bundled { get; } = new(() => BundledCertificates.Value);

    /// <summary>Every certificate that is trusted as a root.</summary>
    public X509Certificate2Collection Certificates => certificates();

    /// <summary>The roots in a PEM file, instead of the bundled ones.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">Where the path was configured, named in errors: an environment variable, say.</param>
    /// <exception cref="InvalidDataException">
    /// The file cannot be read, holds no certificate, or holds one that cannot be parsed. The message names the setting.
    /// </exception>
    public static TrustedRoots FromFile(string path, string setting)
    {
        string pem;
        try
        {
            pem = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{setting}: expected a PEM file with root certificates; '{path}' cannot be read: {e.Message}", e);
        }
        var read = Parse(pem, $"{setting}: '{path}'");
        return new TrustedRoots(() => read);
    }

    internal static X509Certificate2Collection Parse(string pem, string source)
    {
        var read = new X509Certificate2Collection();
        var announced = pem.AsSpan().Count("-----BEGIN CERTIFICATE-----");
        try
        {
            read.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"{source} holds a certificate that cannot be parsed: {e.Message}", e);
        }
        if (announced == 0) throw new InvalidDataException($"{source} holds no PEM certificate.");
        // A block that is cut short is skipped without an error: trust would silently be less than the file says.
        return read.Count == announced
            ? read
            : throw new InvalidDataException($"{source} holds {announced} certificates, of which only {read.Count} can be read.");
    }

    private static X509Certificate2Collection ReadBundle()
    {
        var assembly = typeof(TrustedRoots).Assembly;
        var all = new X509Certificate2Collection();
        foreach (var name in (string[])["rds-roots.pem", "amazon-trust-roots.pem"]) all.AddRange(Parse(Read(assembly, name), name));
        return all;
    }

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
