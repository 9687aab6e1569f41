using System.Buffers.Binary;
using System.Text;

namespace Automation.Lab.Gate.Protocol;

/// <summary>One message of either side after the startup message: a type byte, the length, the body.</summary>
internal sealed class Message
{
    public const byte Authentication = (byte)'R', ErrorResponse = (byte)'E', NoticeResponse = (byte)'N', Password = (byte)'p',
        ParameterStatus = (byte)'S', ReadyForQuery = (byte)'Z', DataRow = (byte)'D', Terminate = (byte)'X', SimpleQuery = (byte)'Q';
    public const int AuthenticationOk = 0, AuthenticationCleartext = 3, AuthenticationSaslFinal = 12;

    private const int HeadLength = 5;

    // Of messages before the session starts, PostgreSQL's own limit for a password or SASL message is the highest.
    private const int LongestBody = 65_535;

    private Message(byte[] packet) => Packet = packet;

    /// <summary>The message as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> Packet { get; }

    public byte Type => Packet.Span[0];

    public ReadOnlySpan<byte> Body => Packet.Span[HeadLength..];

    /// <summary>Of an authentication request: which; 0 is "you are in".</summary>
    /// <exception cref="InvalidDataException">It has no such number.</exception>
    public int AuthenticationCode => Type == Authentication && Body.Length >= 4
        ? BinaryPrimitives.ReadInt32BigEndian(Body)
        : throw new InvalidDataException("Expected an authentication request.");

    /// <summary>Of a password message: the text.</summary>
    /// <exception cref="InvalidDataException">It is another message, or its text is not ended by its only zero byte.</exception>
    public string PasswordText => Type == Password && Body.Length > 0 && Body.IndexOf((byte)0) == Body.Length - 1
        ? Encoding.UTF8.GetString(Body[..^1])
        : throw new InvalidDataException("Expected a password message.");

    /// <summary>Of an error: its SQLSTATE; <c>XX000</c> when it names none.</summary>
    public string SqlState
    {
        get
        {
            var rest = Type == ErrorResponse ? Body : [];
            while (rest.Length > 1 && rest.IndexOf((byte)0) is > 0 and var end)
            {
                if (rest[0] == 'C') return Encoding.UTF8.GetString(rest[1..end]);
                rest = rest[(end + 1)..];
            }
            return "XX000";
        }
    }

    public static Message AuthenticationCleartextRequest { get; } = AuthenticationRequest(AuthenticationCleartext);

    /// <summary>The server's "you are in".</summary>
    public static Message AuthenticationOkAnswer { get; } = AuthenticationRequest(AuthenticationOk);

    /// <summary>One or more statements as text.</summary>
    public static Message Query(string sql) => Create(SimpleQuery, Encoding.UTF8.GetBytes(sql + '\0'));

    /// <summary>An error that ends the session.</summary>
    public static Message Fatal(string sqlState, string message) =>
        Create(ErrorResponse, Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{sqlState}\0M{message}\0\0"));

    /// <exception cref="InvalidDataException">It is longer than any message of a login.</exception>
    /// <exception cref="EndOfStreamException">The other side left.</exception>
    public static async Task<Message> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        await stream.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
        if (length is < 4 or > LongestBody + 4)
            throw new InvalidDataException($"A message of a login must be 4 to {LongestBody + 4} bytes long.");
        var packet = new byte[length + 1];
        head.CopyTo(packet, 0);
        await stream.ReadExactlyAsync(packet.AsMemory(HeadLength), cancellation);
        return new Message(packet);
    }

    private static Message AuthenticationRequest(int code)
    {
        var body = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(body, code);
        return Create(Authentication, body);
    }

    private static Message Create(byte type, byte[] body)
    {
        var packet = new byte[HeadLength + body.Length];
        packet[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(1), body.Length + 4);
        body.CopyTo(packet, HeadLength);
        return new Message(packet);
    }
}
