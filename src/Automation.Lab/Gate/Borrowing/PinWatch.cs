using System.Buffers;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>Follows what one client sends and tells, once, when RDS Proxy would pin its session.</summary>
/// <param name="pinned">Takes the reason.</param>
internal sealed class PinWatch(Action<string> pinned)
{
    // Head and statement name beside the text.
    private const int Kept = PinRules.LongestText + 128;

    private readonly MessageScanner scanner = new();
    private readonly ArrayBufferWriter<byte> message = new();
    private bool isPinned;

    /// <exception cref="InvalidDataException">The client does not speak the protocol.</exception>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !isPinned)
        {
            var taken = scanner.Advance(bytes);
            message.Write(bytes[..Math.Min(taken, Kept - message.WrittenCount)]);
            bytes = bytes[taken..];
            if (!scanner.BetweenMessages) continue;
            if (PinRules.ReasonOf(message.WrittenSpan) is { } reason)
            {
                isPinned = true;
                pinned(reason);
            }
            message.ResetWrittenCount();
        }
    }
}
