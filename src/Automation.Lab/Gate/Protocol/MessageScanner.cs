using System.Buffers.Binary;

namespace Automation.Lab.Gate.Protocol;

/// <summary>Follows where messages begin and end in one side's bytes; it keeps no more of one than its first bytes.</summary>
internal sealed class MessageScanner
{
    private const int HeadLength = 5;

    // Enough for an error's severity and code, which PostgreSQL sends first, and for all of a ReadyForQuery.
    private readonly byte[] start = new byte[64];
    private long count, length;

    /// <summary>Whether no message has begun that has not ended.</summary>
    public bool BetweenMessages => count == 0;

    /// <summary>Of the message that <see cref="Advance"/> has been in last.</summary>
    public byte Type => start[0];

    /// <summary>The first bytes of its body, as far as they have come.</summary>
    public ReadOnlySpan<byte> BodyStart => start.AsSpan(HeadLength, Math.Max(0, (int)Math.Min(length, start.Length) - HeadLength));

    /// <summary>Takes the next bytes, up to the end of one message.</summary>
    /// <returns>How many of them belong to it; it has ended when <see cref="BetweenMessages"/>.</returns>
    /// <exception cref="InvalidDataException">Its length is impossible.</exception>
    public int Advance(ReadOnlySpan<byte> bytes)
    {
        if (count == 0) length = HeadLength;
        var taken = Take(bytes);
        if (count < HeadLength) return taken;
        if (length == HeadLength)
        {
            // The length counts itself and not the type.
            length = 1L + BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(1));
            if (length < HeadLength) throw new InvalidDataException("A message of the session has an impossible length.");
            taken += Take(bytes[taken..]);
        }
        if (count == length) count = 0;
        return taken;
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(length - count, bytes.Length);
        if (count < start.Length) bytes[..(int)Math.Min(taken, start.Length - count)].CopyTo(start.AsSpan((int)count));
        count += taken;
        return taken;
    }
}
