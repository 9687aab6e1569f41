using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Automation.LabTests.Database;

/// <summary>What a server does to get at a secret before it has proven who it is.</summary>
internal static class Tricks
{
    public const string Host = "localhost";

    public static IReadOnlyDictionary<string, Func<Conversation, TestAuthority, Task>> BeforeTls { get; } =
        new Dictionary<string, Func<Conversation, TestAuthority, Task>>
        {
            ["no TLS"] = (client, _) => InsteadAsync(client, (byte)'N'),
            ["cleartext request instead of TLS"] = (client, _) => InsteadAsync(client, Messages.Authentication(Messages.Cleartext)),
            ["md5 request instead of TLS"] = (client, _) => InsteadAsync(client, Messages.Authentication(Messages.Md5, Messages.Md5Salt)),
            ["SCRAM request instead of TLS"] = (client, _) => InsteadAsync(client, Messages.Authentication(Messages.Sasl, Messages.ScramMechanisms)),
            ["let in instead of TLS"] = (client, _) => InsteadAsync(client, Messages.Authentication(Messages.Ok)),
            ["error instead of TLS"] = (client, _) => InsteadAsync(client, Messages.Error("28000", "try again without TLS")),
            ["garbage instead of TLS"] = (client, _) => InsteadAsync(client, Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n")),
        };

    public static IReadOnlyDictionary<string, Func<Conversation, TestAuthority, Task>> AroundTheHandshake { get; } =
        new Dictionary<string, Func<Conversation, TestAuthority, Task>>
        {
            ["self-signed"] = async (client, _) =>
            {
                using var certificate = TestAuthority.SelfSigned(Host);
                await TlsThenAskAsync(client, certificate);
            },
            ["another authority"] = async (client, _) =>
            {
                using var other = TestAuthority.Create();
                using var certificate = other.Issue(Host);
                await TlsThenAskAsync(client, certificate);
            },
            ["another host"] = async (client, authority) =>
            {
                using var certificate = authority.Issue("other.abc123.eu-central-1.rds.amazonaws.com");
                await TlsThenAskAsync(client, certificate);
            },
            ["expired"] = async (client, authority) =>
            {
                using var certificate = authority.Issue(Host, until: TimeProvider.System.GetUtcNow().AddDays(-1));
                await TlsThenAskAsync(client, certificate);
            },
            ["not for servers"] = async (client, authority) =>
            {
                using var certificate = authority.Issue(Host, forServers: false);
                await TlsThenAskAsync(client, certificate);
            },
            // A man in the middle who lets the real server make the handshake (CVE-2021-23222).
            ["request injected ahead of the real handshake"] = async (client, authority) =>
            {
                using var certificate = authority.Issue(Host);
                await client.StartTlsAsync(certificate, Messages.Authentication(Messages.Cleartext));
                await client.DrainAsync();
            },
        };

    private static async Task InsteadAsync(Conversation client, params byte[] answer)
    {
        await client.ReadUntypedAsync();
        await client.WriteAsync(answer);
        await client.DrainAsync();
    }

    private static async Task TlsThenAskAsync(Conversation client, X509Certificate2 certificate)
    {
        await client.StartTlsAsync(certificate);
        try
        {
            await client.AskForAuthenticationAsync(Messages.Cleartext);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The client has already hung up.
        }
        await client.DrainAsync();
    }
}
