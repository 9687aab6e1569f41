using System.Buffers.Binary;

namespace Automation.Lab.Gate.Protocol;

/// <summary>What a client may send first on a connection.</summary>
internal abstract record ClientRequest
{
    // Request codes stand where the protocol version would: 1234 and 5678 to 5680 (PostgreSQL, src/include/libpq/pqcomm.h).
    private const int CancelCode = 80877102, SslCode = 80877103, GssCode = 80877104;
    private const int ShortestPacket = 8, LongestPacket = 10_000;

    private ClientRequest()
    {
    }

    public sealed record Ssl : ClientRequest;

    public sealed record GssEncryption : ClientRequest;

    /// <param name="Packet">As it came, to be sent on: it holds the backend's process id and secret.</param>
    public sealed record Cancel(ReadOnlyMemory<byte> Packet) : ClientRequest;

    public sealed record Startup(StartupMessage Message) : ClientRequest;

    /// <summary>Reads one request and no byte more: what follows an SSLRequest belongs to the TLS handshake.</summary>
    /// <exception cref="InvalidDataException">It is none of the known requests.</exception>
    /// <exception cref="EndOfStreamException">The client left.</exception>
    public static async Task<ClientRequest> ReadAsync(Stream client, CancellationToken cancellation)
    {
        var head = new byte[4];
        await client.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length is < ShortestPacket or > LongestPacket)
            throw new InvalidDataException($"The first packet's length must be {ShortestPacket} to {LongestPacket} bytes.");
        var packet = new byte[length];
        head.CopyTo(packet, 0);
        await client.ReadExactlyAsync(packet.AsMemory(4), cancellation);
        return BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(4)) switch
        {
            SslCode => new Ssl(),
            GssCode => new GssEncryption(),
            CancelCode => new Cancel(packet),
            _ => new Startup(StartupMessage.Parse(packet)),
        };
    }
}
