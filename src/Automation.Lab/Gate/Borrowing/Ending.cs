using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>How a session ends.</summary>
/// <param name="Regular">Whether the client is told, and not cut off.</param>
/// <param name="LastWords">What it still has to be told.</param>
internal sealed record Ending(bool Regular, Message? LastWords = null)
{
    /// <summary>Of a session whose backend has ended while something was under way.</summary>
    public static Ending Of(Conversation conversation)
    {
        // Nothing can be said within a message.
        if (conversation.IsTorn) return new Ending(Regular: false);
        return conversation.ClientLeaves || conversation.ToldFatal
            ? new Ending(Regular: true)
            : new Ending(Regular: true, Message.Fatal("57P01", "terminating connection due to administrator command"));
    }
}
