using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>
/// What is under way between a client and one backend, told from the messages of both (PostgreSQL, "Message Flow"). Begins
/// after the first ReadyForQuery.
/// </summary>
internal sealed class Conversation
{
    private const byte FunctionCall = (byte)'F', Sync = (byte)'S', CopyData = (byte)'d', CopyDone = (byte)'c', CopyFail = (byte)'f';
    private const byte NoTransaction = (byte)'I';

    private readonly MessageScanner fromClient = new(), fromServer = new();

    // A server answers each Query, FunctionCall and Sync with one ReadyForQuery. (Not a Sync while it waits for the data of
    // a COPY: such a session looks busy from then on, and ends with its backend.)
    private int unanswered;
    private bool batchIsOpen, inTransaction;

    /// <summary>Whether nothing would be missed if the backend were another one from now on.</summary>
    public bool IsIdle => unanswered == 0 && !batchIsOpen && !inTransaction && !ClientLeaves
        && fromClient.BetweenMessages && fromServer.BetweenMessages;

    /// <summary>The client has said goodbye: the server's end is the answer.</summary>
    public bool ClientLeaves { get; set; }

    /// <summary>The client has got an error that ends the session.</summary>
    public bool ToldFatal { get; private set; }

    /// <summary>The client has got a part of a message.</summary>
    public bool IsTorn => !fromServer.BetweenMessages;

    /// <exception cref="InvalidDataException">The client does not speak the protocol.</exception>
    public void FollowClient(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (fromClient.BetweenMessages) Begin(bytes[0]);
            bytes = bytes[fromClient.Advance(bytes)..];
        }
    }

    /// <returns>
    /// How many of the bytes are for the client. Fewer than all when an idle session's backend takes leave: an error (57P01),
    /// or from a server that stops immediately or has crashed a notice, which is all that comes unasked beside notifications
    /// and changed parameters.
    /// </returns>
    /// <exception cref="InvalidDataException">The server does not speak the protocol.</exception>
    public int FollowServer(ReadOnlySpan<byte> bytes)
    {
        var passed = 0;
        while (passed < bytes.Length)
        {
            if (IsIdle && bytes[passed] is Message.ErrorResponse or Message.NoticeResponse) return passed;
            passed += fromServer.Advance(bytes[passed..]);
            if (fromServer.BetweenMessages) End();
        }
        return passed;
    }

    private void Begin(byte type)
    {
        switch (type)
        {
            case Message.SimpleQuery or FunctionCall or Sync:
                unanswered++;
                batchIsOpen = false;
                break;
            case Message.Terminate:
                ClientLeaves = true;
                break;
            // Part of a COPY under way, or, after an error, on their way into nothing.
            case CopyData or CopyDone or CopyFail:
                break;
            default:
                batchIsOpen = true;
                break;
        }
    }

    private void End()
    {
        switch (fromServer.Type)
        {
            case Message.ReadyForQuery:
                unanswered = Math.Max(0, unanswered - 1);
                inTransaction = fromServer.BodyStart is not [NoTransaction];
                break;
            case Message.ErrorResponse:
                ToldFatal = fromServer.BodyStart.IndexOf("VFATAL\0"u8) >= 0 || fromServer.BodyStart.IndexOf("VPANIC\0"u8) >= 0;
                break;
        }
    }
}
