using System.Buffers;

namespace Automation.Lab.Gate;

/// <summary>The next bytes of one side, in a buffer that is given back when it is disposed.</summary>
internal readonly struct Chunk : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private readonly byte[]? buffer;

    private Chunk(byte[] buffer, int count)
    {
        this.buffer = buffer;
        Bytes = buffer.AsMemory(0, count);
    }

    /// <summary>Empty when the other side has ended.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="IOException">The connection broke.</exception>
    public static async ValueTask<Chunk> ReadAsync(Stream from, CancellationToken cancellation)
    {
        await WaitForDataAsync(from, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            return new Chunk(buffer, await from.ReadAsync(buffer, cancellation));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
    }

    // A read of nothing waits for data without holding a buffer: most sessions are idle most of the time.
    private static ValueTask<int> WaitForDataAsync(Stream from, CancellationToken cancellation) =>
        from.ReadAsync(Memory<byte>.Empty, cancellation);
}
