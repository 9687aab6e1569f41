namespace Automation.Lab.Gate.Borrowing;

/// <summary>A borrowed backend and what is under way with it.</summary>
internal sealed class Backend(Loan.Ready loan)
{
    public RelayEnd Server => loan.Server;

    public Conversation Conversation { get; } = new();

    /// <summary>Whether nothing new may begin here: the writer is another, or the connection has ended.</summary>
    public bool IsOver => loan.Writer.Replaced.IsCancellationRequested || PeerSocket.HasLeft(loan.Server.Socket);

    /// <returns>What the server says next; empty when its connection has ended, however.</returns>
    public async ValueTask<Chunk> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await Chunk.ReadAsync(loan.Server.Stream, cancellation);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return default;
        }
    }
}
