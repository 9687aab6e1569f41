using Automation.LabTests.Database;
using Conversation = Automation.Lab.Gate.Borrowing.Conversation;

namespace Automation.LabTests.Gate;

/// <summary>When a session of a proxy is idle, told from its bytes however they are cut.</summary>
public sealed class ConversationTests
{
    private static byte[] Ready(char status) => Messages.Of('Z', (byte)status);

    private static byte[] Query => Messages.Of('Q', [.. "SELECT 1\0"u8]);

    private static byte[] Sync => Messages.Of('S');

    private static byte[] Row => Messages.Of('D', new byte[1000]);

    private static byte[] Batch => [.. Messages.Of('P', new byte[300]), .. Messages.Of('B', new byte[12]), .. Messages.Of('E', 0, 0, 0, 0, 0), .. Sync];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Session_BetweenRequestAndAnswer_IsBusyWhateverTheCut(int size)
    {
        var session = new Conversation();
        foreach (var request in new[] { Query, Batch })
        {
            byte[] answer = [.. Row, .. Row, .. Messages.Of('C', [.. "SELECT 2\0"u8]), .. Ready('I')];
            Assert.True(session.IsIdle);

            foreach (var piece in request.Chunk(size))
            {
                session.FollowClient(piece);
                Assert.False(session.IsIdle);
            }
            foreach (var piece in answer[..^1].Chunk(size))
            {
                Assert.Equal(piece.Length, session.FollowServer(piece));
                Assert.False(session.IsIdle);
            }
            Assert.Equal(1, session.FollowServer(answer.AsSpan()[^1..]));
        }
        Assert.True(session.IsIdle);
    }

    [Fact]
    public void Session_RequestsInAdvance_IsIdleAfterTheLastAnswer()
    {
        var session = new Conversation();
        session.FollowClient([.. Query, .. Batch, .. Query]);

        session.FollowServer([.. Ready('I'), .. Ready('I')]);
        Assert.False(session.IsIdle);
        session.FollowServer(Ready('I'));
        Assert.True(session.IsIdle);
    }

    [Theory]
    [InlineData('T')]
    [InlineData('E')]
    public void Session_InATransaction_IsNotIdle(char status)
    {
        var session = new Conversation();
        session.FollowClient(Query);

        session.FollowServer(Ready(status));

        Assert.False(session.IsIdle);
    }

    [Fact]
    public void Session_BatchWithoutSync_IsNotIdle()
    {
        var session = new Conversation();
        session.FollowClient([.. Query, .. Batch[..^5], .. Messages.Of('H')]);

        session.FollowServer([.. Ready('I'), .. Row]);

        Assert.False(session.IsIdle);
    }

    // After an error the server is through with a COPY, and what the client still sends of it is for nobody.
    [Fact]
    public void Session_RestOfAFailedCopy_IsIdleBetweenItsMessages()
    {
        var session = new Conversation();
        session.FollowClient(Query);
        session.FollowServer([.. Messages.Of('G', 0, 0, 0), .. Messages.Error("22P02", "bad"), .. Ready('I')]);

        var rest = Messages.Of('d', new byte[1000]);
        session.FollowClient(rest.AsSpan()[..500]);
        Assert.False(session.IsIdle);
        session.FollowClient([.. rest.AsSpan()[500..], .. Messages.Of('c')]);

        Assert.True(session.IsIdle);
    }

    [Theory]
    [InlineData('E')]
    [InlineData('N')]
    public void IdleSession_LastWordsOfTheServer_AreNotForTheClient(char type)
    {
        var session = new Conversation();
        byte[] unasked = [.. Messages.Parameter("TimeZone", "UTC"), .. Messages.Of('A', 0, 0, 0, 1, 0, 0)];
        var words = Messages.Error("57P01", "terminating connection due to administrator command");
        words[0] = (byte)type;

        Assert.Equal(unasked.Length, session.FollowServer([.. unasked, .. words]));
        Assert.True(session.IsIdle);
        Assert.False(session.ToldFatal);
    }

    [Fact]
    public void BusySession_LastWordsOfTheServer_AreItsAnswer()
    {
        var session = new Conversation();
        session.FollowClient(Query);
        var words = Messages.Error("57P01", "terminating connection due to administrator command");

        Assert.Equal(words.Length, session.FollowServer(words));
        Assert.True(session.ToldFatal);
        Assert.False(session.IsTorn);
    }

    [Fact]
    public void BusySession_MessageNotComplete_IsTorn()
    {
        var session = new Conversation();
        session.FollowClient(Query);

        session.FollowServer(Row.AsSpan()[..^1]);

        Assert.True(session.IsTorn);
    }

    [Fact]
    public void Session_ClientSaysGoodbye_IsNotIdle()
    {
        var session = new Conversation();

        session.FollowClient(Messages.Of('X'));

        Assert.True(session.ClientLeaves);
        Assert.False(session.IsIdle);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Message_ImpossibleLength_IsAnError(int length)
    {
        byte[] message = [(byte)'Q', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];

        Assert.Throws<InvalidDataException>(() => new Conversation().FollowClient(message));
        Assert.Throws<InvalidDataException>(() => new Conversation().FollowServer(message));
    }
}
