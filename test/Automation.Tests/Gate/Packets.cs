using System.Buffers.Binary;
using System.Text;
using Automation.Lab.Gate.Protocol;

namespace Automation.Tests.Gate;

/// <summary>What clients send first, byte by byte as the PostgreSQL documentation has it ("Message Formats").</summary>
internal static class Packets
{
    public static StartupMessage Startup(params string[] namesAndValues) => StartupOf(3, 0, namesAndValues);

    public static StartupMessage StartupOf(int major, int minor, params string[] namesAndValues) =>
        StartupMessage.Parse(First((major << 16) | minor, string.Concat(namesAndValues.Select(text => text + "\0")) + "\0"));

    public static byte[] First(int code, string body) => First(code, Encoding.UTF8.GetBytes(body));

    public static byte[] First(int code, byte[] body)
    {
        var packet = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), code);
        body.CopyTo(packet, 8);
        return packet;
    }
}
