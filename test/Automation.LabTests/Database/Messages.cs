using System.Buffers.Binary;
using System.Text;

namespace Automation.LabTests.Database;

/// <summary>What a PostgreSQL server says, in bytes.</summary>
internal static class Messages
{
    // Kinds of AuthenticationRequest.
    public const int Ok = 0, Cleartext = 3, Md5 = 5, Gss = 7, Sasl = 10;

    /// <summary>The client's request for TLS: length 8, code 1234 5679.</summary>
    public static byte[] SslRequest => [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

    public static byte[] Md5Salt => [1, 2, 3, 4];

    public static byte[] ScramMechanisms => Encoding.UTF8.GetBytes("SCRAM-SHA-256\0\0");

    public static byte[] Of(char type, params byte[] body)
    {
        var message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        body.CopyTo(message, 5);
        return message;
    }

    public static byte[] Authentication(int kind, params byte[] rest) => Of('R', [0, 0, 0, (byte)kind, .. rest]);

    public static byte[] Parameter(string name, string value) => Of('S', Encoding.UTF8.GetBytes($"{name}\0{value}\0"));

    public static byte[] Error(string sqlState, string text) =>
        Of('E', Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{sqlState}\0M{text}\0\0"));
}
