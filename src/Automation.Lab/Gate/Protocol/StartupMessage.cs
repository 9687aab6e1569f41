using System.Buffers.Binary;
using System.Text;

namespace Automation.Lab.Gate.Protocol;

/// <summary>Who wants to log in, where, and with which settings.</summary>
internal sealed class StartupMessage
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private StartupMessage(byte[] packet, Dictionary<string, string> parameters)
    {
        Packet = packet;
        Parameters = parameters;
    }

    /// <summary>The message as it came, length included.</summary>
    public ReadOnlyMemory<byte> Packet { get; }

    public IReadOnlyDictionary<string, string> Parameters { get; }

    public int Major => BinaryPrimitives.ReadUInt16BigEndian(Packet.Span[4..]);

    public int Minor => BinaryPrimitives.ReadUInt16BigEndian(Packet.Span[6..]);

    /// <summary>Empty when the message names none.</summary>
    public string User => Parameters.GetValueOrDefault("user", "");

    /// <summary>PostgreSQL takes the user's name when none is given.</summary>
    public string Database => Parameters.GetValueOrDefault("database") is { Length: > 0 } database ? database : User;

    /// <exception cref="InvalidDataException">It is not a list of name and value, each ended by a zero byte.</exception>
    public static StartupMessage Parse(byte[] packet)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        // Another major version may have another layout: its number is all that can be told.
        if (BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)) != 3) return new StartupMessage(packet, parameters);

        var rest = packet.AsSpan(8);
        while (Next(ref rest) is { Length: > 0 } name)
        {
            // The server takes the last of two; what the gate checked must be what the server sees, so two are one too many.
            if (!parameters.TryAdd(name, Next(ref rest)))
                throw new InvalidDataException("The startup message holds a parameter twice.");
        }
        return rest.IsEmpty ? new StartupMessage(packet, parameters)
            : throw new InvalidDataException("The startup message goes on after its end.");
    }

    private static string Next(ref Span<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        if (end < 0) throw new InvalidDataException("The startup message ends within a parameter.");
        try
        {
            var text = Utf8.GetString(rest[..end]);
            rest = rest[(end + 1)..];
            return text;
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The startup message is not UTF-8.", e);
        }
    }
}
