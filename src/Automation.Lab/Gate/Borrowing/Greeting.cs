using System.Buffers;
using System.Text;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>What a server says between "you are in" and its first ReadyForQuery.</summary>
internal sealed record Greeting
{
    /// <summary>The messages as they came; without meaning when <see cref="Refusal"/> is set.</summary>
    public required ReadOnlyMemory<byte> Packets { get; init; }

    /// <summary>The error it ended with instead: no such database, no more slots.</summary>
    public Message? Refusal { get; init; }

    /// <summary>Whether the server is a standby.</summary>
    public bool InRecovery { get; init; }

    /// <exception cref="InvalidDataException">The server does not speak the protocol.</exception>
    /// <exception cref="EndOfStreamException">The server's connection ended.</exception>
    public static async Task<Greeting> ReadAsync(Stream server, CancellationToken cancellation)
    {
        var packets = new ArrayBufferWriter<byte>();
        bool? standby = null;
        while (true)
        {
            var message = await Message.ReadAsync(server, cancellation);
            if (message.Type == Message.ErrorResponse) return new Greeting { Packets = default, Refusal = message };
            packets.Write(message.Packet.Span);
            standby ??= ToldStandby(message);
            if (message.Type == Message.ReadyForQuery)
            {
                return new Greeting
                {
                    Packets = packets.WrittenMemory,
                    InRecovery = standby ?? await AskAsync(server, cancellation),
                };
            }
        }
    }

    // PostgreSQL reports this parameter from 14 on.
    private static bool? ToldStandby(Message message)
    {
        if (message.Type != Message.ParameterStatus) return null;
        var words = Encoding.UTF8.GetString(message.Body).Split('\0');
        return words is ["in_hot_standby", var value, ..] ? value == "on" : null;
    }

    private static async Task<bool> AskAsync(Stream server, CancellationToken cancellation)
    {
        await server.WriteAsync(Message.Query("SELECT pg_catalog.pg_is_in_recovery()").Packet, cancellation);
        bool? answer = null;
        while (true)
        {
            var message = await Message.ReadAsync(server, cancellation);
            // One column: its count, the value's length, the value.
            if (message.Type == Message.DataRow) answer = message.Body is [.., (byte)'t'];
            if (message.Type == Message.ReadyForQuery)
                return answer ?? throw new InvalidDataException("The server did not tell whether it is a standby.");
        }
    }
}
