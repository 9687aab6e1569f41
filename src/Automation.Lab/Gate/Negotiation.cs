using System.Net.Security;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate;

/// <summary>What comes before the startup message: the client asks for encryption, or for none.</summary>
internal static class Negotiation
{
    /// <returns>The stream to go on with, encrypted if the client asked for it, and the request that needs another answer.</returns>
    /// <exception cref="InvalidDataException">The client does not speak the protocol.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">No TLS session came about.</exception>
    public static async Task<(Stream Stream, ClientRequest Request)> RunAsync(
        Stream plain, SslStreamCertificateContext certificate, CancellationToken cancellation)
    {
        while (true)
        {
            switch (await ClientRequest.ReadAsync(plain, cancellation))
            {
                case ClientRequest.GssEncryption:
                    await plain.WriteAsync("N"u8.ToArray(), cancellation);
                    break;
                case ClientRequest.Ssl:
                    await plain.WriteAsync("S"u8.ToArray(), cancellation);
                    var encrypted = await EncryptAsync(plain, certificate, cancellation);
                    return (encrypted, await ClientRequest.ReadAsync(encrypted, cancellation));
                case var request:
                    return (plain, request);
            }
        }
    }

    private static async Task<SslStream> EncryptAsync(
        Stream plain, SslStreamCertificateContext certificate, CancellationToken cancellation)
    {
        var encrypted = new SslStream(plain);
        try
        {
            await encrypted.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, cancellation);
            return encrypted;
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }
}
