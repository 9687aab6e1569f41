using System.Net.Sockets;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>
/// A session of RDS Proxy: the client's side outlives the server's. A backend that ends while the session is idle is not
/// missed before the next request, which borrows another; one that ends in the middle of a statement or transaction ends
/// the session. Only for users whom the server trusts: SCRAM passes through a gate, and what it knows of a password is not
/// enough to log in a second time. What a session has set or prepared is gone with its backend: there is no pinning here, but
/// it is told what RDS Proxy would have pinned.
/// </summary>
internal sealed class BorrowingSession(Borrower borrower, Loan.Ready first, PinWatch pins) : IServerSide
{
    private readonly Lock sync = new();
    private readonly TaskCompletionSource<Ending> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Backend? current = new(first);
    private Task down = Task.CompletedTask;

    public async Task<bool> CarryAsync(RelayEnd client, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Ending ending;
        var up = Task.CompletedTask;
        try
        {
            down = GuardAsync(DownAsync(client, current!, end.Token));
            up = GuardAsync(UpAsync(client, end.Token));
            ending = await over.Task;
        }
        finally
        {
            await end.CancelAsync();
            await up;
            await down;
        }
        if (ending.LastWords is { } error) await client.Stream.WriteAsync(error.Packet, cancellation);
        return ending.Regular;
    }

    public void Close(bool regular) => current?.Server.Close(regular);

    private async Task GuardAsync(Task direction)
    {
        try
        {
            await direction;
        }
        catch (IOException)
        {
            // The client's connection: what happens to the server's is looked at where it happens.
            over.TrySetResult(new Ending(Regular: false));
        }
        catch (Exception e)
        {
            over.TrySetException(e);
        }
    }

    private async Task UpAsync(RelayEnd client, CancellationToken cancellation)
    {
        while (true)
        {
            using var chunk = await Chunk.ReadAsync(client.Stream, cancellation);
            if (chunk.Bytes.IsEmpty)
            {
                Leave();
                return;
            }
            pins.Follow(chunk.Bytes.Span);
            if ((UseCurrent(chunk.Bytes.Span) ?? await BorrowAsync(client, chunk.Bytes, cancellation)) is not { } backend) return;
            try
            {
                await backend.Server.Stream.WriteAsync(chunk.Bytes, cancellation);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Who reads from the server sees its end too, after its last words. A session that goes on has lost nothing:
                // it was idle, and this the rest of a COPY that had failed.
                await down;
                if (over.Task.IsCompleted) return;
            }
        }
    }

    private Backend? UseCurrent(ReadOnlySpan<byte> request)
    {
        Backend? former = null;
        lock (sync)
        {
            // A proxy begins nothing at a server that is no longer the writer, or has ended without anybody having looked yet.
            if (current is { Conversation.IsIdle: true, IsOver: true }) (former, current) = (current, null);
            current?.Conversation.FollowClient(request);
            former?.Server.Close(regular: true);
            return current;
        }
    }

    private async Task<Backend?> BorrowAsync(RelayEnd client, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        // What the former backend sent before its end still goes to the client first.
        await down;
        if (request.Span[0] == Message.Terminate)
        {
            over.TrySetResult(new Ending(Regular: true));
            return null;
        }
        try
        {
            switch (await borrower.BorrowAsync(cancellation))
            {
                case Loan.Ready ready:
                    var backend = new Backend(ready);
                    backend.Conversation.FollowClient(request.Span);
                    lock (sync) current = backend;
                    down = GuardAsync(DownAsync(client, backend, cancellation));
                    return backend;
                case Loan.Challenge challenge:
                    challenge.Server.Close(regular: true);
                    return End(LoginRefusals.UnexpectedLogin(ExpectedLogin.Trusted).Error);
                case Loan.Refused refused:
                    return End(refused.Error);
                default:
                    throw new InvalidOperationException("A loan without a consequence.");
            }
        }
        catch (TimeoutException)
        {
            return End(LoginRefusals.BorrowTimeout.Error);
        }
    }

    private Backend? End(Message error)
    {
        over.TrySetResult(new Ending(Regular: true, error));
        return null;
    }

    private void Leave()
    {
        lock (sync)
        {
            if (current is null)
            {
                over.TrySetResult(new Ending(Regular: true));
                return;
            }
            current.Conversation.ClientLeaves = true;
            try
            {
                current.Server.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // It broke at this moment, and who reads from it will see it.
            }
        }
    }

    private async Task DownAsync(RelayEnd client, Backend backend, CancellationToken cancellation)
    {
        while (true)
        {
            using var chunk = await backend.ReadAsync(cancellation);
            int passed;
            bool ends, missed;
            lock (sync)
            {
                // Given back because the writer is another.
                if (current != backend) return;
                passed = backend.Conversation.FollowServer(chunk.Bytes.Span);
                ends = chunk.Bytes.IsEmpty || passed < chunk.Bytes.Length;
                missed = ends && !backend.Conversation.IsIdle;
                if (ends && !missed) current = null;
            }
            if (passed > 0) await client.Stream.WriteAsync(chunk.Bytes[..passed], cancellation);
            if (!ends) continue;
            if (missed) over.TrySetResult(Ending.Of(backend.Conversation));
            else backend.Server.Close(regular: true);
            return;
        }
    }
}
