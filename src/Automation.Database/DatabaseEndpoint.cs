using System.Text.RegularExpressions;

namespace Automation.Database;

/// <summary>A host and port of RDS, Aurora or RDS Proxy, and what stands behind it.</summary>
public sealed partial record DatabaseEndpoint
{
    /// <summary>Checks and keeps an endpoint.</summary>
    /// <param name="host">
    /// The name RDS gave, not an alias of it: the certificate is verified against this name and the IAM token is signed for it.
    /// </param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="kind">What stands behind the name.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is not one host name or address (<see cref="IsHost"/>).</exception>
    public DatabaseEndpoint(string host, int port, EndpointKind kind)
    {
        if (!IsHost(host))
            throw new ArgumentException($"Expected one host name or address, not '{host}'.", nameof(host));
        if (port is < 1 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(port), port, "Expected a port from 1 to 65535.");
        Host = host;
        Port = port;
        Kind = kind;
    }

    /// <summary>The DNS name or address.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>What stands behind the name.</summary>
    public EndpointKind Kind { get; }

    /// <summary>
    /// Whether a text is one host name or address: Npgsql would read a comma as several hosts and a slash as a Unix socket,
    /// neither of which is verified by TLS.
    /// </summary>
    public static bool IsHost(string text) => HostCharacters().IsMatch(text) && Uri.CheckHostName(text) != UriHostNameType.Unknown;

    /// <summary><c>host:port</c>, as a person writes it.</summary>
    public override string ToString() => $"{Host}:{Port}";

    // CheckHostName lets a comma or a space into the zone of an IPv6 address, and every character beyond ASCII.
    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,253}\z")]
    private static partial Regex HostCharacters();
}
